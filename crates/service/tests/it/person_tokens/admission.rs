//! Room is asked for on behalf of apps that want tokens of people, too, and whoever finds none is counted alike.

use std::sync::Arc;

use turnkeep_domain::client_type::ClientType;
use turnkeep_service::failure::Failure;
use turnkeep_service::person_tokens::redeem_code::{RedeemCodeCommand, redeem_code};
use turnkeep_service::person_tokens::refresh_tokens::{RefreshTokensCommand, refresh_tokens};
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::token_requests::report_token_requests::{TokenRequestsQuery, report_token_requests};
use turnkeep_service::token_requests::token_history::tokens_of_app;
use turnkeep_service::tokens::introspect_token::{
    IntrospectTokenCommand, IntrospectTokenDenial, IntrospectionCaller, introspect_token,
};
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_service::tokens::revoke_token::{RevokeTokenCommand, RevokeTokenDenial, revoke_token};

use super::people::{Issued, refresh_token, world};
use crate::tokens::admission::Full;
use crate::world::token_verbs::presented;
use crate::world::{TestApp, World};

impl World {
    fn redeem_without_room(&self, app: &TestApp, code: &str) -> Issued {
        let command = RedeemCodeCommand { admission: Full::shared(), ..self.redeem_command(app, code) };
        redeem_code(&self.authority, &command, LookUp::Anywhere)
    }

    fn refresh_without_room(&self, app: &TestApp, token: &str) -> Issued {
        let command = RefreshTokensCommand { admission: Full::shared(), ..self.refresh_command(app, token) };
        refresh_tokens(&self.authority, &command, LookUp::Anywhere)
    }

    /// What the app and its operator see of it.
    fn counted_refusals(&self, app: &TestApp) -> (Vec<(String, u64)>, u64) {
        self.authority.close_books().unwrap();
        let operator = self.operator();
        let by_reason = tokens_of_app(&operator, app.id, 1).unwrap().refusals.into_iter();
        let query = TokenRequestsQuery { tenant_id: Some(app.tenant_id), hours: 1, limit: 10 };
        let apps = report_token_requests(&operator, &query).unwrap().apps;
        let refused = apps.iter().filter(|counted| counted.counts.app_id == app.id);
        (
            by_reason.map(|refused| (refused.code, refused.refused)).collect(),
            refused.map(|counted| counted.counts.refused).sum(),
        )
    }
}

#[track_caller]
fn assert_no_room(answered: &Issued) {
    assert!(matches!(answered, Err(Failure::Denied(IssueTokenDenial::NotAdmitted(_)))), "{answered:?}");
}

#[test]
fn a_token_request_that_finds_no_room_is_counted_whatever_is_handed_in() {
    let world = world();
    for (client_type, name) in [(ClientType::Confidential, "portal"), (ClientType::Public, "spa")] {
        let (app, person) = (world.sign_in_app(name, client_type), world.somebody(name));
        let code = world.code_for(&app, &person, "openid read offline_access");
        assert_no_room(&world.redeem_without_room(&app, &code));
        let issued = world.redeem(&app, &code).unwrap();
        let token = refresh_token(&issued);
        for _ in 0..2 {
            assert_no_room(&world.refresh_without_room(&app, &token));
        }
        world.refresh(&app, &token).unwrap();
        assert_eq!(world.counted_refusals(&app), (vec![("too_many_requests".to_owned(), 3)], 3), "{name}");
    }
}

#[test]
fn nobody_is_asked_on_behalf_of_a_public_app_that_hands_in_nothing_of_its_own() {
    let world = world();
    let (app, other) =
        (world.sign_in_app("spa", ClientType::Public), world.sign_in_app("other", ClientType::Public));
    let code = world.code(&app, &world.somebody("ada"));
    for (client, code) in [(&app, "tkac_made_up"), (&other, code.as_str())] {
        let full = Arc::new(Full::default());
        let command = RedeemCodeCommand { admission: full.clone(), ..world.redeem_command(client, code) };
        let denied = redeem_code(&world.authority, &command, LookUp::Anywhere).unwrap_err();
        assert!(matches!(denied, Failure::Denied(IssueTokenDenial::Grant(_))), "{denied:?}");
        assert!(full.asked().is_empty());
    }
}

#[test]
fn what_is_no_token_request_is_not_counted_as_one() {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let issued = world.granted_to(&app, &world.somebody("ada"));
    let token = issued.access_token.expose().to_owned();
    let question = IntrospectTokenCommand {
        issuer: world.slug.clone(),
        caller: IntrospectionCaller::Client(presented(&app)),
        token: token.clone(),
        request_id: None,
        admission: Full::shared(),
    };
    let asked = introspect_token(&world.authority, &question, LookUp::Anywhere).unwrap_err();
    assert!(matches!(asked, Failure::Denied(IntrospectTokenDenial::NotAdmitted(_))), "{asked:?}");
    let revocation = RevokeTokenCommand {
        issuer: world.slug.clone(),
        client: presented(&app),
        token,
        request_id: None,
        admission: Full::shared(),
    };
    let revoked = revoke_token(&world.authority, &revocation).unwrap_err();
    assert!(matches!(revoked, Failure::Denied(RevokeTokenDenial::NotAdmitted(_))), "{revoked:?}");
    assert_eq!(world.counted_refusals(&app), (Vec::new(), 0));
}
