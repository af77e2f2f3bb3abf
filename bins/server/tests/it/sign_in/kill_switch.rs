//! The kill switch with everything under way at once (design §8): an app is disabled, its tenant is suspended, a user is
//! disabled. Nothing is honoured after the call has returned, and what has died stays dead.

use serde_json::json;

use super::browser::Browser;
use super::estate::{Estate, Person};
use super::relying_party::{REDIRECT, RelyingParty, member};

/// Everything that somebody has at an app.
struct UnderWay {
    app: RelyingParty,
    /// A confidential app of another tenant that nothing happens to; it may ask about nothing but its own tokens.
    ada: Person,
    browser: Browser,
    code: String,
    access: String,
    refresh: String,
    personal: String,
}

/// What is honoured of it.
#[derive(Debug, PartialEq, Eq)]
struct Honoured {
    session: bool,
    authorize: bool,
    code: bool,
    refresh: bool,
    introspection: bool,
    userinfo: bool,
    gateway: bool,
    personal: bool,
    personal_at_gateway: bool,
}

const ALL: Honoured = Honoured {
    session: true,
    authorize: true,
    code: true,
    refresh: true,
    introspection: true,
    userinfo: true,
    gateway: true,
    personal: true,
    personal_at_gateway: true,
};

const NOTHING: Honoured = Honoured {
    session: false,
    authorize: false,
    code: false,
    refresh: false,
    introspection: false,
    userinfo: false,
    gateway: false,
    personal: false,
    personal_at_gateway: false,
};

impl UnderWay {
    fn begin(estate: &Estate) -> Self {
        let app = estate.portal(json!({"reference_tokens": "authenticated_users"}));
        let ada = estate.person("internal", "ada");
        let browser = estate.browser();
        let tokens = app.redeem(&app.sign_in(&browser, &ada, "openid read offline_access").code());
        let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
        let personal = estate.personal_token(&ada, &app);
        let code = app.sign_in(&browser, &ada, "openid read").code();
        Self { app, ada, browser, code, access, refresh, personal }
    }

    /// What counts now. Codes and refresh tokens are used up by the question if they count, so this is asked of one that
    /// still has to live only at the end.
    fn honoured(&self, is_app_itself_live: bool) -> Honoured {
        let is_active =
            |token: &str| is_app_itself_live && self.app.introspect(token)["active"] == json!(true);
        let to_app = self.app.ask(&self.browser, "openid read").location;
        Honoured {
            session: self.browser.get("/account").status == 200,
            authorize: to_app.is_some_and(|location| location.starts_with(REDIRECT)),
            introspection: is_active(&self.access),
            userinfo: self.app.userinfo(&self.access).status == 200,
            gateway: self.app.forward_auth(&self.access) == 200,
            personal: is_active(&self.personal),
            personal_at_gateway: self.app.forward_auth(&self.personal) == 200,
            code: self.app.redeem(&self.code).status == 200,
            refresh: self.app.refresh(&self.refresh).status == 200,
        }
    }
}

#[track_caller]
fn act(estate: &Estate, path: &str) {
    let answer = estate.management().act(path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
}

#[test]
fn before_anything_happens_all_of_it_counts() {
    let estate = Estate::new();
    assert_eq!(UnderWay::begin(&estate).honoured(true), ALL);
}

#[test]
fn a_disabled_app_and_a_suspended_tenant_end_everything_but_the_session_which_is_not_theirs() {
    let of_app = |estate: &Estate, under_way: &UnderWay| {
        (format!("/apps/{}", under_way.app.id), "disable", "enable", estate.tenant.clone())
    };
    let of_tenant =
        |estate: &Estate, _: &UnderWay| (format!("/tenants/{}", estate.tenant), "suspend", "activate", String::new());
    for parts in [of_app as fn(&Estate, &UnderWay) -> _, of_tenant] {
        let estate = Estate::new();
        let under_way = UnderWay::begin(&estate);
        let (path, stop, start, _) = parts(&estate, &under_way);
        act(&estate, &format!("{path}/{stop}"));
        assert_eq!(under_way.app.post("/connect/introspect", &[("token", &under_way.access)]).status, 401);
        assert_eq!(under_way.honoured(false), Honoured { session: true, ..NOTHING }, "{stop}");
        act(&estate, &format!("{path}/{start}"));
        // A reference token is as good as its app; whoever is signed in signs in to the app again.
        let again = Honoured {
            session: true,
            authorize: true,
            personal: true,
            personal_at_gateway: true,
            ..NOTHING
        };
        assert_eq!(under_way.honoured(true), again, "{start}");
        let code = under_way.app.sign_in(&under_way.browser, &under_way.ada, "openid read").code();
        assert_eq!(under_way.app.redeem(&code).status, 200);
    }
}

#[test]
fn a_disabled_user_is_gone_everywhere_and_comes_back_with_the_password_alone() {
    let estate = Estate::new();
    let under_way = UnderWay::begin(&estate);
    let user = format!("/users/{}", under_way.ada.id);
    act(&estate, &format!("{user}/disable"));
    assert_eq!(under_way.honoured(true), NOTHING);
    let page = estate.browser();
    let refused = under_way.ada.fill_in(&page, &page.get("/account/sign-in"));
    assert_ne!(refused.status, 303, "a disabled user does not sign in");
    act(&estate, &format!("{user}/enable"));
    let again = Honoured { personal: true, personal_at_gateway: true, ..NOTHING };
    assert_eq!(under_way.honoured(true), again);
    let code = under_way.app.sign_in(&estate.browser(), &under_way.ada, "openid read").code();
    assert_eq!(under_way.app.redeem(&code).status, 200);
}
