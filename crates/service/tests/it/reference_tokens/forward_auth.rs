//! What gateways are told.

use turnkeep_domain::resource::Audience;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::forward_auth::authorize_request::{
    AuthorizedRequest, ForwardAuthCommand, ForwardAuthDenial, ForwardedCredentials, authorize_request,
};
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_testkit::fixtures::scopes;

use super::reference_token_verbs::PASSWORD;
use crate::world::registry_verbs::API;
use crate::world::{World, denial};

fn ask(
    world: &World,
    credentials: ForwardedCredentials,
    audience: &str,
    wanted: &str,
) -> Result<AuthorizedRequest, Failure<ForwardAuthDenial>> {
    let command = ForwardAuthCommand {
        issuer: world.slug.clone(),
        credentials,
        audience: Audience::parse(audience).unwrap(),
        scopes: scopes(wanted),
        request_id: None,
    };
    authorize_request(&world.authority, &command, LookUp::Anywhere)
}

fn bearer(text: &str) -> ForwardedCredentials {
    ForwardedCredentials::Bearer(PlaintextSecret::new(text.to_owned()))
}

#[test]
fn every_kind_of_credential_passes_for_its_audience_and_scopes_alone() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let (pat, sat) = (world.pat(&ann, &app).unwrap(), world.sat(&app).unwrap());
    let jwt = world.token(&app);
    let key = |text: &str| ForwardedCredentials::ApiKey(PlaintextSecret::new(text.to_owned()));
    let basic = ForwardedCredentials::Basic(Box::new(world.basic(&app, "ann", PASSWORD)));
    for (credentials, subject, user_name) in [
        (bearer(&jwt), app.client_id.clone(), None),
        (bearer(pat.plaintext.expose()), ann.id.to_string(), Some("ann")),
        (key(pat.plaintext.expose()), ann.id.to_string(), Some("ann")),
        (key(sat.plaintext.expose()), app.client_id.clone(), None),
        (basic, ann.id.to_string(), Some("ann")),
    ] {
        let passed = ask(&world, credentials.clone(), API, "read").unwrap();
        assert_eq!((passed.subject, passed.client_id), (subject, app.client_id.clone()), "{credentials:?}");
        assert_eq!(passed.user_name.as_ref().map(UserName::as_str), user_name, "{credentials:?}");
        assert_eq!((passed.app_id, passed.tenant_id), (app.id, app.tenant_id));
        let lacking = denial(ask(&world, credentials, API, "read TrueParser.API"));
        assert_eq!(lacking, ForwardAuthDenial::InsufficientScope);
    }
    for credentials in [bearer(&jwt), bearer(pat.plaintext.expose()), key(&jwt), bearer("tkpat_wrong")] {
        let refused = denial(ask(&world, credentials, "turnkeep.management", ""));
        assert_eq!(refused, ForwardAuthDenial::InvalidToken);
    }
    let wrong = ForwardedCredentials::Basic(Box::new(world.basic(&app, "ann", "wrong")));
    assert_eq!(denial(ask(&world, wrong, API, "")), ForwardAuthDenial::WrongCredentials);
}

#[test]
fn what_has_to_be_read_is_not_read_where_others_would_be_held_up() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let pat = world.pat(&ann, &app).unwrap();
    let command = ForwardAuthCommand {
        issuer: world.slug.clone(),
        credentials: bearer(pat.plaintext.expose()),
        audience: Audience::parse(API).unwrap(),
        scopes: scopes(""),
        request_id: None,
    };
    let refused = authorize_request(&world.authority, &command, LookUp::InMemory);
    assert!(matches!(refused, Err(Failure::Fault(Fault::NotInMemory(_)))));
}
