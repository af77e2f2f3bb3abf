//! Codes: what they are good for, once and for whom.

use serde_json::{Value, json};
use turnkeep_domain::app::AppState;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::person_grant::Offline;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_policy::decide_person_token::PersonTokenDenial;
use turnkeep_policy::decide_sign_in::SignInDenial;
use turnkeep_policy::judge_grant::GrantEnd;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::person_tokens::redeem_code::RedeemCodeCommand;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_verify::id_token::verify_id_token_at_any_time;

use super::people::{Person, REDIRECT_URI, VERIFIER, grant_denial, refresh_token, world};
use crate::world::registry_verbs::API;
use crate::world::token_verbs::{payload, token_denial};
use crate::world::{BASE_URL, TestApp, World, denial};

fn given() -> (World, TestApp, Person) {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let ada = world.somebody("ada");
    (world, app, ada)
}

#[test]
fn a_code_becomes_an_access_token_an_id_token_and_a_refresh_token() {
    let (world, app, ada) = given();
    let code = world.code_for(&app, &ada, "openid profile read offline_access");
    let issued = world.redeem(&app, &code).unwrap();
    assert_eq!(issued.scopes.to_string(), "offline_access openid profile read");
    assert_eq!(issued.lifetime.as_secs(), 900);
    assert!(refresh_token(&issued).starts_with("tkrt_"));

    let access = world.verify(issued.access_token.expose()).unwrap();
    let person = access.person.unwrap();
    assert_eq!((access.subject, access.audience.as_str()), (ada.user.id.to_string(), API));
    assert_eq!((person.user_id, person.kind), (ada.user.id, UserKind::Internal));
    assert_eq!(person.session_id, ada.session.id);
    assert_eq!(person.authenticated_at, ada.session.authentication.at());
    assert!(access.secret_id.is_some(), "it dies with the secret that obtained it, too");

    let id_token = issued.id_token.as_ref().unwrap().expose();
    let claims = payload(id_token);
    let at = world.authority.now().as_secs();
    let expected = json!({
        "iss": BASE_URL,
        "sub": ada.user.id.to_string(),
        "aud": app.client_id,
        "azp": app.client_id,
        "iat": at,
        "exp": at + 900,
        "auth_time": ada.session.authentication.at().as_secs(),
        "acr": "urn:turnkeep:acr:1",
        "amr": ["pwd"],
        "sid": ada.session.id.to_string(),
        "nonce": "n-0S6_WzA2Mj",
        "at_hash": claims["at_hash"],
    });
    assert_eq!(claims, expected);
    assert!(verify_id_token_at_any_time(BASE_URL, &world.key_set(), id_token).is_ok());
    assert!(world.is_active_for(&app, issued.access_token.expose()));
}

#[test]
fn without_openid_nobody_says_who_signed_in_and_without_a_resource_the_token_is_for_the_issuer() {
    let (world, app, ada) = given();
    for (scopes, has_id_token, audience) in
        [("read", false, API), ("openid", true, BASE_URL), ("profile offline_access", false, BASE_URL)]
    {
        let issued = world.redeem(&app, &world.code_for(&app, &ada, scopes)).unwrap();
        assert_eq!(issued.id_token.is_some(), has_id_token, "{scopes}");
        assert_eq!(payload(issued.access_token.expose())["aud"], audience, "{scopes}");
    }
}

#[test]
fn a_plans_limits_are_told_to_its_resource_only() {
    let (world, app, ada) = given();
    let plan = world.plan("pro", PlanPrice::Paid);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    let claims = |scopes: &str| {
        let issued = world.redeem(&app, &world.code_for(&app, &ada, scopes)).unwrap();
        payload(issued.access_token.expose())
    };
    assert_eq!(claims("openid read")["limits"]["plan"], "pro");
    assert_eq!(claims("openid").get("limits"), None);
}

/// A way to redeem a code wrongly.
type Wrongly = fn(&mut RedeemCodeCommand);

#[test]
fn attack_21_and_22_whoever_presents_it_wrongly_gets_nothing_and_the_code_stays_good() {
    let (world, app, ada) = given();
    let other = world.sign_in_app("other", ClientType::Confidential);
    let code = world.code(&app, &ada);
    let tries: [(&str, Wrongly, GrantDenial); 9] = [
        ("no redirect URI", |c| c.redirect_uri = None, GrantDenial::RedirectUriMismatch),
        (
            "another redirect URI",
            |c| c.redirect_uri = Some(format!("{REDIRECT_URI}/")),
            GrantDenial::RedirectUriMismatch,
        ),
        ("no verifier", |c| c.verifier = None, GrantDenial::VerifierMissing),
        ("another verifier", |c| c.verifier = verifier(&"a".repeat(43)), GrantDenial::VerifierMismatch),
        ("42 characters", |c| c.verifier = verifier(VERIFIER.split_at(1).1), GrantDenial::VerifierMismatch),
        ("129 characters", |c| c.verifier = verifier(&"a".repeat(129)), GrantDenial::VerifierMismatch),
        (
            "the challenge itself",
            |c| c.verifier = verifier("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            GrantDenial::VerifierMismatch,
        ),
        ("no code", |c| c.code = None, GrantDenial::CodeUnknown),
        (
            "nobody's code",
            |c| c.code = Some(PlaintextSecret::new("tkac_nobodys".to_owned())),
            GrantDenial::CodeUnknown,
        ),
    ];
    for (name, wrongly, expected) in tries {
        let mut command = world.redeem_command(&app, &code);
        wrongly(&mut command);
        assert_eq!(grant_denial(world.redeem_as(&command)), expected, "{name}");
    }
    assert_eq!(grant_denial(world.redeem(&other, &code)), GrantDenial::CodeOfAnotherApp);
    assert!(world.redeem(&app, &code).is_ok());
}

fn verifier(text: &str) -> Option<PlaintextSecret> {
    Some(PlaintextSecret::new(text.to_owned()))
}

#[test]
fn attack_21_a_verifier_without_a_challenge_shows_that_the_challenge_was_taken_out() {
    let (world, app, ada) = given();
    let code = world.code_with(&app, &ada, |_, code| code.challenge = None);
    assert_eq!(grant_denial(world.redeem(&app, &code)), GrantDenial::VerifierUnexpected);
    let command = RedeemCodeCommand { verifier: None, ..world.redeem_command(&app, &code) };
    assert!(world.redeem_as(&command).is_ok());
}

#[test]
fn a_redirect_uri_that_was_not_in_the_request_need_not_be_repeated() {
    let (world, app, ada) = given();
    for (sent, expected) in [
        (None, None),
        (Some(REDIRECT_URI), None),
        (Some("https://evil.example/"), Some(GrantDenial::RedirectUriMismatch)),
    ] {
        let code = world.code_with(&app, &ada, |_, code| code.was_redirect_uri_sent = false);
        let redirect_uri = sent.map(str::to_owned);
        let command = RedeemCodeCommand { redirect_uri, ..world.redeem_command(&app, &code) };
        match expected {
            None => assert!(world.redeem_as(&command).is_ok(), "{sent:?}"),
            Some(expected) => assert_eq!(grant_denial(world.redeem_as(&command)), expected),
        }
    }
}

#[test]
fn attack_22_a_code_lives_for_a_minute() {
    let (world, app, ada) = given();
    let codes = [world.code(&app, &ada), world.code(&app, &ada)];
    world.advance(59);
    assert!(world.redeem(&app, &codes[0]).is_ok());
    world.advance(1);
    assert_eq!(grant_denial(world.redeem(&app, &codes[1])), GrantDenial::CodeExpired);
}

#[test]
fn attack_22_a_second_redemption_ends_everything_that_came_of_the_first() {
    let (world, app, ada) = given();
    let (code, untouched) = (world.code(&app, &ada), world.granted_to(&app, &ada));
    let issued = world.redeem(&app, &code).unwrap();
    let access = issued.access_token.expose();
    assert!(world.is_active(access));

    world.advance(3_600);
    assert_eq!(grant_denial(world.redeem(&app, &code)), GrantDenial::CodeReplayed);
    assert!(world.grant_of(&issued).revoked_at.is_some());
    let refused = grant_denial(world.refresh(&app, &refresh_token(&issued)));
    assert_eq!(refused, GrantDenial::Ended(GrantEnd::Revoked));
    let [event] = world.events("grant.revoke").try_into().unwrap();
    assert_eq!(event.tenant_id, Some(app.tenant_id));
    assert!(world.grant_of(&untouched).revoked_at.is_none(), "and nothing else");

    assert_eq!(grant_denial(world.redeem(&app, &code)), GrantDenial::CodeReplayed);
    assert_eq!(world.events("grant.revoke").len(), 1, "once is enough");
}

#[test]
fn attack_22_the_access_token_of_a_replayed_code_is_dead_within_the_same_second() {
    let (world, app, ada) = given();
    let code = world.code(&app, &ada);
    let access = world.redeem(&app, &code).unwrap().access_token;
    let elsewhere = world.granted_to(&app, &ada).access_token;
    assert_eq!(grant_denial(world.redeem(&app, &code)), GrantDenial::CodeReplayed);
    assert!(!world.is_active(access.expose()) && world.is_active(elsewhere.expose()));
}

#[test]
fn attack_3_and_8_a_code_is_nothing_in_another_instance() {
    let (world, app, ada) = given();
    let acme = world.instance("acme");
    let twin = acme.sign_in_app("portal", ClientType::Confidential);
    let code = world.code(&app, &ada);
    assert_eq!(grant_denial(acme.redeem(&twin, &code)), GrantDenial::CodeUnknown);
    assert_eq!(token_denial(denial(acme.redeem(&app, &code))), TokenDenial::AppUnknown);
    assert!(world.redeem(&app, &code).is_ok(), "still usable where it was made");
}

#[test]
fn a_public_app_names_itself_and_any_other_has_to_authenticate() {
    let (world, app, ada) = given();
    let public = world.sign_in_app("phone", ClientType::Public);
    assert_eq!(public.secret, None);
    let failed = TokenDenial::ClientAuthenticationFailed;

    let code = world.code(&public, &ada);
    let with_secret = TestApp { secret: app.secret.clone(), ..public.clone() };
    assert_eq!(token_denial(denial(world.redeem(&with_secret, &code))), failed);
    let issued = world.redeem(&public, &code).unwrap();
    assert_eq!(world.verify(issued.access_token.expose()).unwrap().secret_id, None);
    assert!(world.refresh(&public, &refresh_token(&issued)).is_ok());

    let code = world.code(&app, &ada);
    let named = TestApp { secret: None, ..app.clone() };
    let wrong = TestApp { secret: Some("wrong".to_owned()), ..app.clone() };
    for client in [&named, &wrong] {
        assert_eq!(token_denial(denial(world.redeem(client, &code))), failed);
    }
    assert!(world.redeem(&app, &code).is_ok());
}

#[test]
fn attack_22_a_code_is_worth_nothing_once_the_app_its_tenant_or_the_person_is_stopped() {
    type Stop = fn(&World, &TestApp, &Person);
    let disable: Stop = |world, _, ada| {
        switch_user(&world.operator(), ada.user.id, UserState::Disabled, None).unwrap();
    };
    let stops: [(&str, Stop, &str); 7] = [
        ("app", |world, app, _| world.switch(app, AppState::Disabled), "app_disabled"),
        (
            "tenant",
            |world, app, _| {
                world.step_tenant(app.tenant_id, TenantStep::Suspend);
            },
            "tenant_suspended",
        ),
        ("user", disable, "grant_revoked"),
        ("session", |world, _, ada| world.end_session(&ada.session), "session_over"),
        (
            "flags",
            |world, app, _| {
                let sign_in = Some(SignIn::Community);
                world.update(app, &AppChanges { sign_in, ..AppChanges::default() });
            },
            "user_not_admitted",
        ),
        (
            "plan",
            |world, app, _| {
                let plan = world.plan("gone", PlanPrice::Paid);
                world.change_plan(app, PlanAction::Assign(plan.id));
                world.retire_plan(plan.id);
            },
            "grant_killed",
        ),
        (
            "app, and enabled again",
            |world, app, _| {
                world.switch(app, AppState::Disabled);
                world.switch(app, AppState::Enabled);
            },
            "grant_killed",
        ),
    ];
    for (name, stop, expected) in stops {
        let (world, app, ada) = given();
        let code = world.code(&app, &ada);
        stop(&world, &app, &ada);
        let code_of = |denial| match denial {
            IssueTokenDenial::Grant(denial) => denial.code(),
            other => token_denial(other).code(),
        };
        let found = code_of(denial(world.redeem(&app, &code)));
        assert_eq!(found, expected, "{name}");
        world.authority.keep_books().unwrap();
        let refused = world.events("token.issue");
        assert!(!refused.is_empty(), "{name}");
    }
}

#[test]
fn system_users_have_no_tokens_of_people_even_if_a_grant_says_so() {
    let (world, app, ada) = given();
    let user = world.user(UserKind::System, "robot");
    let session = world.session_of(&user);
    let robot = Person { user, session };
    let refused = grant_denial(world.redeem(&app, &world.code(&app, &robot)));
    assert_eq!(refused, GrantDenial::Person(PersonTokenDenial::SignIn(SignInDenial::SystemUser)));
    let community = world.user(UserKind::Community, "customer");
    let customer = Person { session: world.session_of(&community), user: community };
    let refused = grant_denial(world.redeem(&app, &world.code(&app, &customer)));
    assert_eq!(refused, GrantDenial::Person(PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted)));
    assert!(world.redeem(&app, &world.code(&app, &ada)).is_ok());
}

#[test]
fn a_resource_that_is_named_has_to_be_that_of_the_request() {
    let (world, app, ada) = given();
    let code = world.code_for(&app, &ada, "openid read");
    let named = |audience: &str| RedeemCodeCommand {
        audience: Some(Audience::parse(audience).unwrap()),
        ..world.redeem_command(&app, &code)
    };
    for audience in [BASE_URL, "https://unknown.example"] {
        let refused = token_denial(denial(world.redeem_as(&named(audience))));
        assert_eq!(refused, TokenDenial::AudienceNotAllowed, "{audience}");
    }
    assert!(world.redeem_as(&named(API)).is_ok());
}

#[test]
fn secrets_of_people_are_not_printed_and_not_stored_in_the_clear() {
    let (world, app, ada) = given();
    let issued = world.redeem(&app, &world.code(&app, &ada)).unwrap();
    let printed = format!("{issued:?}");
    for secret in
        [issued.access_token.expose(), issued.id_token.as_ref().unwrap().expose(), &refresh_token(&issued)]
    {
        assert!(!printed.contains(secret));
    }
    let trail = format!("{:?}", world.trail());
    assert!(!trail.contains(&refresh_token(&issued)));
    assert_eq!(world.grant_of(&issued).offline, Offline::No);
    assert_eq!(payload(issued.access_token.expose()).get("nonce"), None::<&Value>);
}
