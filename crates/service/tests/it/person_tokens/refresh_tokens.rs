//! Refresh tokens: each works once, for its own app, within what was granted and for as long as that stands.

use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::person_grant::RefreshLimits;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::token_requests::{QuotaMode, TokenRequestLimits};
use turnkeep_domain::user::UserState;
use turnkeep_policy::judge_grant::GrantEnd;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::person_tokens::refresh_tokens::{RefreshTokensCommand, refresh_tokens};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::granted_tokens::GrantedTokens;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_testkit::fixtures::scopes;

use super::people::{Person, grant_denial, refresh_token, world};
use crate::world::registry_verbs::API;
use crate::world::token_verbs::{payload, token_denial};
use crate::world::{TestApp, World, cheap_settings, denial};

const DAY: u64 = 86_400;

fn given() -> (World, TestApp, Person) {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Public);
    let ada = world.somebody("ada");
    (world, app, ada)
}

/// The refresh token of a grant that outlives the session.
fn offline(world: &World, app: &TestApp, ada: &Person) -> String {
    let code = world.code_for(app, ada, "openid read update offline_access");
    refresh_token(&world.redeem(app, &code).unwrap())
}

#[test]
fn each_use_makes_the_next_and_tells_the_same_of_the_person() {
    let (world, app, ada) = given();
    let first = world.redeem(&app, &world.code_for(&app, &ada, "openid read offline_access")).unwrap();
    world.advance(600);
    let second = world.refresh(&app, &refresh_token(&first)).unwrap();
    let third = world.refresh(&app, &refresh_token(&second)).unwrap();
    assert_eq!(second.scopes, first.scopes);
    let access = |issued: &GrantedTokens| payload(issued.access_token.expose());
    assert_eq!(access(&third)["grant_id"], access(&first)["grant_id"]);
    assert_ne!(access(&third)["jti"], access(&second)["jti"]);
    let [old, new] = [&first, &third].map(|issued| payload(issued.id_token.as_ref().unwrap().expose()));
    for claim in ["iss", "sub", "aud", "azp", "auth_time", "acr", "amr", "sid"] {
        assert_eq!(new[claim], old[claim], "{claim}");
    }
    assert_eq!(new.get("nonce"), None, "OpenID Connect Core §12.2");
    assert_eq!(new["iat"].as_i64().unwrap(), old["iat"].as_i64().unwrap() + 600);
}

#[test]
fn attack_40_one_that_comes_again_ends_the_family() {
    let (world, app, ada) = given();
    let stolen = offline(&world, &app, &ada);
    let other_grant = offline(&world, &app, &ada);
    let issued = world.refresh(&app, &stolen).unwrap();
    assert!(world.is_active(issued.access_token.expose()));

    assert_eq!(grant_denial(world.refresh(&app, &stolen)), GrantDenial::RefreshTokenReused);
    assert!(!world.is_active(issued.access_token.expose()));
    let refused = grant_denial(world.refresh(&app, &refresh_token(&issued)));
    assert_eq!(refused, GrantDenial::Ended(GrantEnd::Revoked));
    assert_eq!(world.events("grant.revoke").len(), 1);
    assert_eq!(grant_denial(world.refresh(&app, &stolen)), GrantDenial::RefreshTokenReused);
    assert_eq!(world.events("grant.revoke").len(), 1);
    assert!(world.refresh(&app, &other_grant).is_ok(), "another grant of the same person lives");
}

#[test]
fn attack_40_another_app_gets_nothing_for_it_and_uses_nothing_up() {
    let (world, app, ada) = given();
    let other = world.sign_in_app("other", ClientType::Public);
    let token = offline(&world, &app, &ada);
    assert_eq!(grant_denial(world.refresh(&other, &token)), GrantDenial::RefreshTokenOfAnotherApp);
    let acme = world.instance("acme");
    let twin = acme.sign_in_app("portal", ClientType::Public);
    assert_eq!(grant_denial(acme.refresh(&twin, &token)), GrantDenial::RefreshTokenUnknown);
    let next = refresh_token(&world.refresh(&app, &token).unwrap());
    // Even a used one of another app's says nothing.
    assert_eq!(grant_denial(world.refresh(&other, &token)), GrantDenial::RefreshTokenOfAnotherApp);
    assert!(world.refresh(&app, &next).is_ok());
    for nonsense in ["", "tkrt_", "tkrt_nobodys", "\0", next.split_at(1).1, &format!("{next} ")] {
        let refused = grant_denial(world.refresh(&app, nonsense));
        assert_eq!(refused, GrantDenial::RefreshTokenUnknown, "{nonsense:?}");
    }
}

#[test]
fn attack_40_and_41_less_may_be_asked_for_and_more_may_not() {
    let (world, app, ada) = given();
    let code = world.code_for(&app, &ada, "openid read offline_access");
    let mut token = refresh_token(&world.redeem(&app, &code).unwrap());
    for wider in ["read update", "openid read offline_access profile", "sec", "delete", ""] {
        let refused = grant_denial(world.refresh_for(&app, &token, wider));
        assert_eq!(refused, GrantDenial::ScopeWidened, "{wider}");
    }
    let narrow = world.refresh_for(&app, &token, "read").unwrap();
    assert_eq!((narrow.scopes.to_string().as_str(), narrow.id_token.is_some()), ("read", false));
    token = refresh_token(&narrow);
    let whole = world.refresh(&app, &token).unwrap();
    assert_eq!(whole.scopes.to_string(), "offline_access openid read", "the grant is as wide as it was");
}

#[test]
fn without_the_scopes_of_the_resource_the_access_token_is_for_the_issuer() {
    let (world, app, ada) = given();
    let code = world.code_for(&app, &ada, "openid read offline_access");
    let token = refresh_token(&world.redeem(&app, &code).unwrap());
    let narrow = world.refresh_for(&app, &token, "openid").unwrap();
    let claims = payload(narrow.access_token.expose());
    assert_eq!((claims["aud"].clone(), claims["scope"].as_str()), (claims["iss"].clone(), Some("openid")));
    assert!(narrow.id_token.is_some());
    assert!(world.is_active(narrow.access_token.expose()));
    let whole = world.refresh(&app, &refresh_token(&narrow)).unwrap();
    assert_eq!(payload(whole.access_token.expose())["aud"], API);
    // A resource that is named is one that the token is for, and it has no scope there.
    let command = RefreshTokensCommand {
        scopes: Some(scopes("openid")),
        audience: Some(Audience::parse(API).unwrap()),
        ..world.refresh_command(&app, &refresh_token(&whole))
    };
    let refused = denial(refresh_tokens(&world.authority, &command, LookUp::Anywhere));
    assert_eq!(token_denial(refused), TokenDenial::AudienceNotAllowed);
}

#[test]
fn taking_a_scope_from_the_app_ends_what_was_granted_with_it_and_giving_one_does_not() {
    let (world, app, ada) = given();
    let code = world.code_for(&app, &ada, "openid read update offline_access");
    let token = refresh_token(&world.redeem(&app, &code).unwrap());
    let register = |registered: &str| {
        world.update(&app, &AppChanges { scopes: Some(scopes(registered)), ..AppChanges::default() });
    };
    register(&format!("read update {API}"));
    let next = refresh_token(&world.refresh(&app, &token).unwrap());
    register("read update");
    assert_eq!(grant_denial(world.refresh(&app, &next)), GrantDenial::Ended(GrantEnd::Killed));
}

#[test]
fn one_that_lies_unused_for_two_weeks_is_dead() {
    let (world, app, ada) = given();
    let [used, late] = [offline(&world, &app, &ada), offline(&world, &app, &ada)];
    world.advance(14 * DAY - 1);
    let next = refresh_token(&world.refresh(&app, &used).unwrap());
    world.advance(1);
    assert_eq!(grant_denial(world.refresh(&app, &late)), GrantDenial::RefreshTokenExpired);
    world.advance(14 * DAY - 2);
    assert!(world.refresh(&app, &next).is_ok(), "each has two weeks of its own");
}

#[test]
fn none_lives_longer_than_ninety_days_after_the_person_signed_in() {
    let (world, app, ada) = given();
    let mut token = offline(&world, &app, &ada);
    for _ in 0..8 {
        world.advance(11 * DAY);
        token = refresh_token(&world.refresh(&app, &token).unwrap());
    }
    world.advance(2 * DAY - 1);
    token = refresh_token(&world.refresh(&app, &token).unwrap());
    world.advance(1);
    assert_eq!(grant_denial(world.refresh(&app, &token)), GrantDenial::RefreshTokenExpired);
}

#[test]
fn both_times_are_settings() {
    let (world, app, ada) = given();
    let refresh_limits = RefreshLimits { idle: Duration::from_secs(100), absolute: Duration::from_secs(150) };
    let settings = AuthoritySettings { refresh_limits, ..cheap_settings() };
    let world = world.restarted(&[1], settings, 2);
    let token = offline(&world, &app, &ada);
    let idle = offline(&world, &app, &ada);
    world.advance(99);
    let next = refresh_token(&world.refresh(&app, &token).unwrap());
    world.advance(1);
    assert_eq!(grant_denial(world.refresh(&app, &idle)), GrantDenial::RefreshTokenExpired);
    world.advance(49);
    let last = refresh_token(&world.refresh(&app, &next).unwrap());
    world.advance(1);
    assert_eq!(grant_denial(world.refresh(&app, &last)), GrantDenial::RefreshTokenExpired);
}

#[test]
fn without_offline_access_it_ends_with_the_session() {
    let (world, app, ada) = given();
    let online = refresh_token(&world.granted_to(&app, &ada));
    let kept = offline(&world, &app, &ada);
    world.end_session(&ada.session);
    assert_eq!(grant_denial(world.refresh(&app, &online)), GrantDenial::Ended(GrantEnd::SessionOver));
    assert!(world.refresh(&app, &kept).is_ok());

    let elsewhere = Person { session: world.session_of(&ada.user), ..ada };
    let idle = refresh_token(&world.granted_to(&app, &elsewhere));
    world.advance(30 * 60);
    assert_eq!(grant_denial(world.refresh(&app, &idle)), GrantDenial::Ended(GrantEnd::SessionOver));
}

#[test]
fn attack_40_it_dies_with_the_person_the_app_and_the_tenant_and_does_not_come_back() {
    let (world, app, ada) = given();
    let token = offline(&world, &app, &ada);
    let switch = |state| switch_user(&world.operator(), ada.user.id, state, None).unwrap();
    switch(UserState::Disabled);
    assert_eq!(grant_denial(world.refresh(&app, &token)), GrantDenial::Ended(GrantEnd::Revoked));
    switch(UserState::Active);
    assert_eq!(grant_denial(world.refresh(&app, &token)), GrantDenial::Ended(GrantEnd::Revoked));

    let token = offline(&world, &app, &ada);
    world.switch(&app, AppState::Disabled);
    assert_eq!(token_denial(denial(world.refresh(&app, &token))), TokenDenial::AppDisabled);
    world.switch(&app, AppState::Enabled);
    assert_eq!(grant_denial(world.refresh(&app, &token)), GrantDenial::Ended(GrantEnd::Killed));
    assert!(world.refresh(&app, &offline(&world, &app, &ada)).is_ok());
}

#[test]
fn tokens_of_people_count_against_the_apps_quota_and_what_is_refused_uses_nothing_up() {
    let (world, app, ada) = given();
    let token_quota = TokenRequestLimits::new(None, Some(2), None, QuotaMode::Enforced).unwrap();
    let world = world.restarted(&[1], AuthoritySettings { token_quota, ..cheap_settings() }, 2);
    let code = world.code_for(&app, &ada, "openid offline_access");
    let first = refresh_token(&world.redeem(&app, &code).unwrap());
    let second = refresh_token(&world.refresh(&app, &first).unwrap());
    let refused = denial(world.refresh(&app, &second));
    assert!(matches!(refused, IssueTokenDenial::QuotaExceeded(_)), "{refused:?}");
    world.advance(3_600);
    assert!(world.refresh(&app, &second).is_ok(), "it was not used up");
}
