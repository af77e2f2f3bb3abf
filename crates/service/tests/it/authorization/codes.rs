//! What is stored of a grant with its code.

use std::time::Duration;

use sha2::{Digest, Sha256};
use turnkeep_domain::authentication::AuthenticationMethod;
use turnkeep_domain::authorization_request::Stated;
use turnkeep_domain::person_grant::{AuthorizationCode, Offline, PersonGrant};
use turnkeep_policy::authorization_denial::AuthorizationDenial;
use turnkeep_service::authorization::authorize::{AuthorizeCommand, NextStep, authorize};
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_testkit::fixtures::scopes;

use super::sample::{REDIRECT, Sample, code};

fn stored(sample: &Sample, code: &str) -> (PersonGrant, AuthorizationCode) {
    let instance_id = sample.world.instance_id;
    let hash: [u8; 32] = Sha256::digest(code.as_bytes()).into();
    let found = sample.world.store.read(|reads| {
        let code = reads.find_code(instance_id, &hash)?.unwrap();
        Ok((reads.find_grant(instance_id, code.grant_id)?.unwrap(), code))
    });
    found.unwrap()
}

#[test]
fn a_code_is_stored_as_its_hash_with_everything_that_it_is_bound_to() {
    let sample = Sample::new();
    let (grant, code) = stored(&sample, &sample.code());
    let now = sample.world.authority.now();
    assert_eq!(code.redirect_uri, REDIRECT);
    assert!(code.was_redirect_uri_sent);
    assert_eq!(code.challenge.unwrap().as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert_eq!(code.nonce.as_deref(), Some("n-1"));
    assert_eq!(code.expires_at, now.plus(Duration::from_secs(60)));
    assert_eq!((grant.app_id, grant.user_id), (sample.app.id, sample.user.id));
    assert_eq!(grant.tenant_id, sample.app.tenant_id);
    assert_eq!(grant.scopes, scopes("openid read"));
    assert_eq!(grant.audience.as_str(), "TrueParser.API");
    assert_eq!(grant.authentication.methods().collect::<Vec<_>>(), [AuthenticationMethod::Password]);
    assert_eq!((grant.created_at, grant.revoked_at), (now, None));
}

#[test]
fn a_grant_lasts_as_long_as_the_session_unless_the_app_may_go_on_without_it() {
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    for (asked, offline, lifetime) in
        [("openid read", Offline::No, hours(12)), ("openid offline_access", Offline::Yes, hours(90 * 24))]
    {
        let sample = Sample::new().asking_for(asked);
        let (grant, _) = stored(&sample, &sample.code());
        assert_eq!(grant.offline, offline, "{asked}");
        assert_eq!(grant.expires_at, sample.world.authority.now().plus(lifetime), "{asked}");
    }
}

#[test]
fn without_a_resource_the_issuer_is_the_audience() {
    let sample = Sample::new().asking_for("openid profile");
    let (grant, _) = stored(&sample, &sample.code());
    assert_eq!(grant.audience.as_str(), "https://id.example.com");
}

#[test]
fn a_redirect_uri_that_was_left_out_is_noted_as_such() {
    let sample = Sample::new();
    sample.code();
    let command = AuthorizeCommand { redirect_uri: Stated::Never, ..sample.command() };
    let authorized = authorize(&sample.world.authority, &command).unwrap();
    assert_eq!(authorized.redirect_uri, REDIRECT);
    let (_, stored) = stored(&sample, &code(authorized.next));
    assert_eq!((stored.redirect_uri.as_str(), stored.was_redirect_uri_sent), (REDIRECT, false));
}

#[test]
fn the_trail_tells_of_the_grant_and_of_the_consent_but_not_the_code() {
    let sample = Sample::new();
    let code = sample.code();
    let grants = sample.world.store.read(|reads| {
        reads.list_grants(
            sample.world.instance_id,
            GrantsOf::User(sample.user.id),
            sample.world.authority.now(),
        )
    });
    let grant = grants.unwrap().remove(0);
    let event = sample.world.events("authorization.grant").remove(0);
    assert_eq!(event.actor, sample.user.id.to_string());
    assert_eq!(event.object, Some(grant.id.to_string()));
    assert_eq!(event.tenant_id, Some(sample.app.tenant_id));
    let consent = sample.world.events("consent.give").remove(0);
    assert_eq!(consent.object, Some(sample.app.id.to_string()));
    assert!(!format!("{:?}", sample.world.trail()).contains(&code));
}

#[test]
fn what_is_refused_stores_nothing() {
    let sample = Sample::new().asking_for("openid unheard-of");
    let next = sample.ask().unwrap();
    assert!(matches!(next, NextStep::Refuse(AuthorizationDenial::Scope(_))), "{next:?}");
    let grants = sample.world.store.read(|reads| {
        reads.list_grants(
            sample.world.instance_id,
            GrantsOf::User(sample.user.id),
            sample.world.authority.now(),
        )
    });
    assert_eq!(grants.unwrap(), []);
    sample.world.authority.keep_books().unwrap();
    let event = sample.world.events("authorization.grant").remove(0);
    assert_eq!(event.refusal.as_deref(), Some("scope_not_allowed"));
    assert_eq!(event.actor, sample.user.id.to_string());
}
