//! What people and apps prove themselves with is nowhere but where they sent it (attack 75): not in the log at its loudest,
//! not in metrics, traces, the audit trail, the database or an error page.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::{BASE32_NOPAD, BASE64};
use serde_json::json;
use tempfile::tempdir;
use totp_rs::Builder;

use super::browser::{Browser, Page};
use super::dashboard_errands::run_errands;
use super::estate::{Estate, PASSWORD, Person};
use super::relying_party::{RelyingParty, member, refusal};
use crate::observed::{Collector, Observed, contains};

/// What somebody typed in the wrong place.
const WRONG_PASSWORD: &str = "violet otters plough brass harbours";

/// The name of the secret that is kept by its bytes.
const TOTP_SECRET: &str = "TOTP secret";

/// What a form carries goes back to the browser that sent it, in the form.
const FORM_FIELD: &str = "form field";

/// The secrets of a run, with their names, and pages that have none of them: answers to mistakes, and records.
#[derive(Default)]
struct Canaries {
    secrets: Vec<(&'static str, String)>,
    pages_without: Vec<Page>,
}

impl Canaries {
    fn add(&mut self, name: &'static str, secret: impl Into<String>) {
        self.secrets.push((name, secret.into()));
    }

    /// Every cookie and what forms are bound to.
    fn add_browser(&mut self, browser: &Browser) {
        for (name, cookie) in [
            ("session", "__Host-turnkeep-session"),
            ("form cookie", "__Host-turnkeep-form"),
            ("device cookie", "__Host-turnkeep-device"),
        ] {
            self.secrets.extend(browser.cookie(cookie).map(|value| (name, value)));
        }
    }

    /// Some of them.
    fn named(&self, fits: impl Fn(&str) -> bool) -> Self {
        let secrets = self.secrets.iter().filter(|(name, _)| fits(name)).cloned().collect();
        Self { secrets, pages_without: Vec::new() }
    }

    /// Nor as a form, a header or a database would have them.
    #[track_caller]
    fn are_not_in(&self, what: &str, bytes: &[u8]) {
        for (name, secret) in &self.secrets {
            assert!(!secret.is_empty(), "{name}");
            let decoded = BASE32_NOPAD.decode(secret.as_bytes()).ok().filter(|_| *name == TOTP_SECRET);
            for form in [
                secret.clone().into_bytes(),
                secret.replace(' ', "+").into_bytes(),
                secret.replace(' ', "%20").into_bytes(),
                BASE64.encode(secret.as_bytes()).into_bytes(),
                decoded.unwrap_or_else(|| secret.clone().into_bytes()),
            ] {
                assert!(!contains(bytes, &form), "{name} is in {what}: {secret}");
            }
        }
    }
}

/// The first operator's link, used and presented again.
fn use_operator_link(estate: &Estate, canaries: &mut Canaries) -> Browser {
    let said = &estate.demo.server.said;
    let link = said.iter().find_map(|line| line.trim().strip_prefix(estate.address())).unwrap();
    canaries.add("link", link.split_once('=').unwrap().1);
    let browser = estate.browser();
    let page = browser.get(link);
    let fields = [("user_name", "olga"), ("display_name", "Olga"), ("new_password", PASSWORD)];
    assert_eq!(browser.submit(&page, "set-password-form", &fields).status, 303);
    canaries.add_browser(&browser);
    canaries.pages_without.push(browser.get(link));
    canaries.pages_without.push(browser.submit(&page, "set-password-form", &fields));
    browser
}

/// Secrets that the dashboard shows once, and those that are typed in there.
fn use_dashboard(estate: &Estate, olga: &Browser, canaries: &mut Canaries) {
    let batch = estate.app("Batch", &json!({"scopes": "read", "reference_tokens": "administrators_only"}));
    canaries.add("secret of the app", batch.secret.clone().unwrap());
    for (name, secret) in run_errands(estate, olga, &batch.id) {
        canaries.add(name, secret);
    }
    let below = format!("/dashboard/tenants/{}", estate.tenant);
    for path in ["/apps", "/audit", "/members", &format!("/apps/{}/storage", batch.id)] {
        canaries.pages_without.push(olga.get(&format!("{below}{path}")));
    }
    canaries.pages_without.push(olga.get("/dashboard/nowhere?token=canary-query"));
}

#[expect(clippy::disallowed_methods, reason = "an authenticator app has a clock of its own")]
fn totp_code(secret: Vec<u8>) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Builder::new().with_secret(secret).build().unwrap().generate(now).to_string()
}

/// Sets up an authenticator app, and signs in with a recovery code of it; the browser.
fn use_second_factor(estate: &Estate, ada: &Person, canaries: &mut Canaries) -> Browser {
    let browser = estate.browser();
    ada.sign_in(&browser);
    canaries.add_browser(&browser);
    let setup = browser.submit(&browser.get("/account"), "totp-start-form", &[]);
    let text: String = setup.element("totp-secret").unwrap().to_uppercase().split_whitespace().collect();
    let secret = BASE32_NOPAD.decode(text.as_bytes()).unwrap();
    let codes = browser.submit(&setup, "totp-form", &[("code", &totp_code(secret))]);
    assert_eq!(codes.status, 200, "{codes:?}");
    canaries.add(TOTP_SECRET, text);
    let recovery = codes.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();

    let browser = estate.browser();
    let pending = ada.fill_in(&browser, &browser.get("/account/sign-in"));
    let hidden = pending.form("recovery-form").hidden;
    // Which of the two forms it is, is no secret.
    let secret = hidden.into_iter().filter(|(name, value)| name != "way" && !value.is_empty());
    canaries.secrets.extend(secret.map(|(_, value)| (FORM_FIELD, value)));
    canaries.pages_without.push(browser.submit(&pending, "recovery-form", &[("code", "canary-code")]));
    assert_eq!(browser.submit(&pending, "recovery-form", &[("code", &recovery)]).status, 303);
    canaries.add("recovery code", recovery);
    canaries.add("recovery code", "canary-code");
    canaries.add_browser(&browser);
    browser
}

/// Codes and tokens, right and wrong, at every endpoint that takes them.
fn use_tokens(app: &RelyingParty, code: &str, personal: &str, canaries: &mut Canaries) {
    let tokens = app.redeem(code);
    canaries.add("code", code);
    for name in ["access_token", "id_token", "refresh_token"] {
        canaries.add("token", member(&tokens, name));
    }
    canaries.add("PAT", personal);
    canaries.add("secret of the app", app.secret.clone().unwrap());
    let access = member(&tokens, "access_token");
    let next = app.refresh(&member(&tokens, "refresh_token"));
    canaries.add("refresh token", member(&next, "refresh_token"));
    for token in [access.as_str(), personal] {
        assert_eq!(app.introspect(token)["active"], true);
        assert_eq!(app.forward_auth(token), 200);
    }
    assert_eq!(app.userinfo(&access).status, 200);
    // Replayed: this ends all of it.
    assert_eq!(refusal(&app.refresh(&member(&tokens, "refresh_token"))).1, "invalid_grant");
    assert_eq!(refusal(&app.redeem(code)).1, "invalid_grant");
    assert_eq!(app.userinfo(&access).status, 401);
    for wrong in ["tkac_canary", "tkrt_canary", "tkpat_canary"] {
        canaries.add("nonsense", wrong);
        assert_eq!(app.introspect(wrong), json!({"active": false}));
        assert_eq!((app.redeem(wrong).status, app.refresh(wrong).status), (400, 400));
        assert_eq!((app.userinfo(wrong).status, app.forward_auth(wrong)), (401, 401));
    }
}

/// Pages that refuse.
fn make_mistakes(estate: &Estate, app: &RelyingParty, ada: &Person, canaries: &mut Canaries) {
    let browser = estate.browser();
    let page = browser.get("/account/sign-in");
    let wrong = [("user_name", ada.name.as_str()), ("password", WRONG_PASSWORD)];
    canaries.pages_without.push(browser.submit(&page, "sign-in-form", &wrong));
    // In the field above, as happens to people.
    let shifted = [("user_name", "canary password typed above"), ("password", "x")];
    browser.submit(&page, "sign-in-form", &shifted);
    canaries.add("password", WRONG_PASSWORD);
    canaries.add(FORM_FIELD, "canary password typed above");
    canaries.pages_without.push(browser.get("/account/link?token=tkal_canary"));
    canaries.pages_without.push(browser.get("/connect/authorize/resume?interaction=canary-interaction"));
    canaries.pages_without.push(browser.get("/account/nowhere?password=canary-query"));
    for wrong in ["tkal_canary", "canary-interaction", "canary-query"] {
        canaries.add("nonsense", wrong);
    }
    canaries.pages_without.push(
        RelyingParty { client_id: "nobody".to_owned(), ..app.at(estate.address()) }.ask(&browser, "openid"),
    );
}

fn files_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), found);
        } else {
            found.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
        }
    }
}

#[test]
fn attack_75_no_secret_of_people_and_apps_is_logged_counted_traced_stored_or_shown() {
    let (folder, collector) = (tempdir().unwrap(), Collector::start());
    let settings = [("LOG", "trace"), ("LOG_FORMAT", "json"), ("OTLP_ENDPOINT", collector.url.as_str())];
    let (demo, log) = Observed::start(folder.path(), &settings).into_parts();
    let estate = Estate::of(demo, folder, Vec::new());
    let mut canaries = Canaries::default();
    canaries.add("password", PASSWORD);
    let olga = use_operator_link(&estate, &mut canaries);
    use_dashboard(&estate, &olga, &mut canaries);
    let ada = estate.person("internal", "ada");
    let app = estate.portal(&json!({"reference_tokens": "authenticated_users"}));
    let browser = use_second_factor(&estate, &ada, &mut canaries);
    let code = app.sign_in(&browser, &ada, "openid read offline_access").code();
    use_tokens(&app, &code, &estate.personal_token(&ada, &app), &mut canaries);
    make_mistakes(&estate, &app, &ada, &mut canaries);

    let shown: Vec<_> = canaries.pages_without.iter().map(|page| page.text.as_str()).collect();
    canaries.named(|name| name != FORM_FIELD).are_not_in("a page", shown.join("\n").as_bytes());
    canaries.are_not_in("the metrics", Browser::new(estate.address()).get("/metrics").text.as_bytes());
    let audit = estate.on_files(&["audit", "export"]);
    for told in ["session.begin", "grant.revoke"] {
        assert!(audit.contains(told), "{told}: {audit}");
    }
    canaries.are_not_in("the audit trail", audit.as_bytes());
    let Estate { demo, folder, .. } = estate;
    demo.server.stop();
    let log = log.join().unwrap();
    assert!(log.contains("/account/second-factor") && log.contains("\"level\":\"TRACE\""));
    canaries.are_not_in("the log", log.as_bytes());
    let traces = collector.exported();
    assert!(contains(&traces, b"/connect/token"));
    canaries.are_not_in("the traces", &traces);
    let mut files = Vec::new();
    files_below(&folder.path().join("data"), &mut files);
    assert!(files.iter().any(|(_, bytes)| contains(bytes, ada.id.as_bytes()) || contains(bytes, b"ada")));
    for (name, bytes) in &files {
        canaries.are_not_in(name, bytes);
    }
}
