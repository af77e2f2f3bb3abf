//! The kill switch with everything under way at once (design §8): an app is disabled, its tenant is suspended, a user is
//! disabled. Nothing is honoured after the call has returned, and what has died stays dead.

use serde_json::json;

use super::browser::Browser;
use super::estate::{Estate, Person};
use super::relying_party::{REDIRECT, RelyingParty, member};

/// Everything that somebody has at an app.
struct UnderWay {
    app: RelyingParty,
    ada: Person,
    browser: Browser,
    code: String,
    access: String,
    refresh: String,
    personal: String,
}

/// What is honoured of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Honoured {
    session: bool,
    authorize: bool,
    code: bool,
    refresh: bool,
    introspection: bool,
    userinfo: bool,
    gateway: bool,
    personal_at_introspection: bool,
    personal_at_gateway: bool,
    password_at_gateway: bool,
}

const ALL: Honoured = Honoured {
    session: true,
    authorize: true,
    code: true,
    refresh: true,
    introspection: true,
    userinfo: true,
    gateway: true,
    personal_at_introspection: true,
    personal_at_gateway: true,
    password_at_gateway: true,
};

const NOTHING: Honoured = Honoured {
    session: false,
    authorize: false,
    code: false,
    refresh: false,
    introspection: false,
    userinfo: false,
    gateway: false,
    personal_at_introspection: false,
    personal_at_gateway: false,
    password_at_gateway: false,
};

impl UnderWay {
    fn begin(estate: &Estate) -> Self {
        let lenient = json!({"reference_tokens": "authenticated_users", "basic_authentication": true});
        let app = estate.portal(&lenient);
        let ada = estate.person("internal", "ada");
        let browser = estate.browser();
        let tokens = app.redeem(&app.sign_in(&browser, &ada, "openid read offline_access").code());
        let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
        let personal = estate.personal_token(&ada, &app);
        // Where a gateway has been, a password is remembered for a while.
        assert_eq!(app.forward_auth_of(&ada), 200);
        let code = app.sign_in(&browser, &ada, "openid read").code();
        Self { app, ada, browser, code, access, refresh, personal }
    }

    /// What counts now. The code and the refresh token are used by the question.
    fn honoured(&self, estate: &Estate) -> Honoured {
        // The operator may ask about every token, also when the app may ask nothing.
        let operator = estate.management();
        let is_active = |token: &str| operator.introspect(token)["active"] == json!(true);
        let sent_on = self.app.ask(&self.browser, "openid read").location;
        Honoured {
            session: self.browser.get("/account").status == 200,
            authorize: sent_on.is_some_and(|location| location.starts_with(REDIRECT)),
            introspection: is_active(&self.access),
            userinfo: self.app.userinfo(&self.access).status == 200,
            gateway: self.app.forward_auth(&self.access) == 200,
            personal_at_introspection: is_active(&self.personal),
            personal_at_gateway: self.app.forward_auth(&self.personal) == 200,
            password_at_gateway: self.app.forward_auth_of(&self.ada) == 200,
            code: self.app.redeem(&self.code).status == 200,
            refresh: self.app.refresh(&self.refresh).status == 200,
        }
    }

    /// Who begins anew gets tokens again.
    #[track_caller]
    fn begins_anew(&self, browser: &Browser) {
        let code = self.app.sign_in(browser, &self.ada, "openid read").code();
        assert_eq!(self.app.redeem(&code).status, 200);
    }
}

#[track_caller]
fn act(estate: &Estate, path: &str) {
    let answer = estate.management().act(path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
}

/// What takes no answer of a person and no time: an app, or its tenant, is stopped and started.
fn stop_and_start(estate: &Estate, under_way: &UnderWay, stop: &str, start: &str) {
    act(estate, stop);
    // The session is not the app's.
    assert_eq!(under_way.honoured(estate), Honoured { session: true, ..NOTHING }, "{stop}");
    assert_eq!(under_way.app.serve().status, 401, "{stop}");
    act(estate, start);
    // Keys of people and passwords are as good as the app, and whoever is signed in comes in again; nothing that had been
    // issued does.
    let again = Honoured {
        session: true,
        authorize: true,
        personal_at_introspection: true,
        personal_at_gateway: true,
        password_at_gateway: true,
        ..NOTHING
    };
    assert_eq!(under_way.honoured(estate), again, "{start}");
    under_way.begins_anew(&under_way.browser);
}

#[test]
fn before_anything_happens_all_of_it_counts() {
    let estate = Estate::new();
    assert_eq!(UnderWay::begin(&estate).honoured(&estate), ALL);
}

#[test]
fn a_disabled_app_ends_everything_but_the_session() {
    let estate = Estate::new();
    let under_way = UnderWay::begin(&estate);
    let app = format!("/apps/{}", under_way.app.id);
    stop_and_start(&estate, &under_way, &format!("{app}/disable"), &format!("{app}/enable"));
}

#[test]
fn a_suspended_tenant_ends_everything_but_the_session() {
    let estate = Estate::new();
    let under_way = UnderWay::begin(&estate);
    let tenant = format!("/tenants/{}", estate.tenant);
    stop_and_start(&estate, &under_way, &format!("{tenant}/suspend"), &format!("{tenant}/activate"));
}

#[test]
fn a_deleted_app_is_as_if_it_had_never_been_to_the_people_who_signed_in_to_it() {
    let estate = Estate::new();
    let under_way = UnderWay::begin(&estate);
    assert!(under_way.browser.get("/account").text.contains("Portal"));
    assert_eq!(estate.management().delete(&format!("/apps/{}", under_way.app.id)).status, 204);
    assert_eq!(under_way.honoured(&estate), Honoured { session: true, ..NOTHING });
    assert!(!under_way.browser.get("/account").text.contains("Portal"));
}

#[test]
fn a_disabled_user_is_gone_everywhere_and_comes_back_by_signing_in() {
    let estate = Estate::new();
    let under_way = UnderWay::begin(&estate);
    let user = format!("/users/{}", under_way.ada.id);
    act(&estate, &format!("{user}/disable"));
    assert_eq!(under_way.honoured(&estate), NOTHING);
    let browser = estate.browser();
    let refused = under_way.ada.fill_in(&browser, &browser.get("/account/sign-in"));
    assert_eq!((refused.location, browser.session()), (None, None));
    act(&estate, &format!("{user}/enable"));
    let again = Honoured {
        personal_at_introspection: true,
        personal_at_gateway: true,
        password_at_gateway: true,
        ..NOTHING
    };
    assert_eq!(under_way.honoured(&estate), again);
    under_way.begins_anew(&estate.browser());
}

#[test]
fn a_password_that_is_set_at_the_command_line_ends_what_the_old_one_began_at_the_running_server() {
    let estate = Estate::new();
    let under_way = UnderWay::begin(&estate);
    estate.set_password(&under_way.ada.name, "amber otters plough tin harbours");
    // Personal access tokens are not of the password.
    let left = Honoured { personal_at_introspection: true, personal_at_gateway: true, ..NOTHING };
    assert_eq!(under_way.honoured(&estate), left);
}
