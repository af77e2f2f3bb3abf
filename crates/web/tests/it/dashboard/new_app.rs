//! Making an app: the five steps, what is refused beside which field, and the credentials, once.

use serde_json::{Value, json};
use turnkeep_testkit::page_form::{attribute, text_of};

use super::estate::{member, operator};
use crate::account::browser::{Browser, csrf_of, message_of};
use crate::account::pages::assert_page;
use crate::logs::{keep_log, logged};
use crate::world::answer::Answer;
use crate::world::{BASE_URL, TestApp, World};

fn path(tenant_id: &str) -> String {
    format!("/dashboard/tenants/{tenant_id}/apps/new")
}

/// Fills the form in and sends it.
async fn made(browser: &Browser<'_>, tenant_id: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&path(tenant_id)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    browser.submit(&page, "new-app-form", fields).await
}

/// What is said beside the field whose element has this id.
fn error_beside(page: &Answer, id: &str) -> Option<String> {
    text_of(page.text(), &format!("{id}-error"))
}

fn app_on(page: &Answer) -> TestApp {
    let text = |id| text_of(page.text(), id).unwrap();
    let (_, id) = attribute(page.text().split_once("id=\"put-away-link\"").unwrap().1, "href")
        .and_then(|path| path.rsplit_once('/').map(|(head, id)| (head.to_owned(), id.to_owned())))
        .unwrap();
    TestApp { id, client_id: text("client-id"), secret: text("client-secret") }
}

async fn app_count(world: &World, tenant_id: &str) -> usize {
    let apps = world.operated("GET", &format!("/api/v1/apps?tenant_id={tenant_id}"), None).await;
    apps["items"].as_array().unwrap().len()
}

#[actix_web::test]
async fn five_steps_lead_to_credentials_that_get_a_token() {
    keep_log();
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let page = ada.get(&path(&acme)).await;
    assert_page(&page);
    let steps = ["1. Region", "2. Name", "3. Addresses", "4. Allowed domains", "5. Credentials"];
    let found = steps.map(|step| page.text().find(&format!("<legend>{step}</legend>")).unwrap());
    assert!(found.is_sorted(), "{found:?}");

    let fields = [
        ("region", "eu-west"),
        ("name", "  Orders  &  <b>more</b> "),
        ("login_redirect_uris", "https://app.example.com/callback\r\nhttps://app.example.com/other\r\n"),
        ("logout_redirect_uris", "https://app.example.com/"),
        ("domain_1", "https://App.Example.com/"),
        ("domain_3", "http://localhost:3000/"),
    ];
    let shown = ada.submit(&page, "new-app-form", &fields).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert_page(&shown);
    assert!(
        shown.text().contains("<h1>Orders &#38; &#60;b&#62;more&#60;/b&#62; is made</h1>"),
        "{}",
        shown.text()
    );

    let app = app_on(&shown);
    let token = world.ask_token(&app, "&scope=read").await;
    assert_eq!(token.status, 200, "{}", token.text());
    let record = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
    for (member, expected) in [
        ("name", json!("Orders & <b>more</b>")),
        ("tenant_id", json!(acme)),
        ("license_region", json!("eu-west")),
        ("allowed_domain_1", json!("app.example.com")),
        ("allowed_domain_2", Value::Null),
        ("allowed_domain_3", json!("localhost:3000")),
        ("login_redirect_uris", json!(["https://app.example.com/callback", "https://app.example.com/other"])),
        ("logout_redirect_uris", json!(["https://app.example.com/"])),
        ("client_type", json!("confidential")),
        ("scopes", json!("read")),
    ] {
        assert_eq!(record[member], expected, "{member}");
    }
    let audit = world.operated("GET", "/api/v1/audit-events?action=app.create", None).await;
    assert_eq!(audit["items"][0]["object"], json!(app.id), "{audit}");

    // Who may sign in was not asked, so the page says that the addresses wait for it, and where it is said.
    let closed = text_of(shown.text(), "sign-in-closed").unwrap();
    assert!(closed.starts_with("People can sign in as soon as"), "{closed}");
    let settings = format!("id=\"sign-in-link\" href=\"/dashboard/tenants/{acme}/apps/{}/settings\"", app.id);
    assert!(shown.text().contains(&settings), "{}", shown.text());
    assert_eq!(record["sign_in"], json!({"internal": false, "community": false}));
    assert_eq!(record["warnings"], json!(["redirect_uri_without_sign_in"]));

    // It is nowhere else, and never again.
    let list = ada.get(&format!("/dashboard/tenants/{acme}/apps")).await;
    assert!(list.text().contains(&app.client_id));
    for text in [list.text(), &record.to_string(), &audit.to_string(), &logged()] {
        assert!(!text.contains(&app.secret), "{text}");
    }
}

#[actix_web::test]
async fn every_program_has_the_credentials_and_what_to_ask_for() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let shown = made(&ada, &acme, &[("region", "eu-west"), ("name", "Orders")]).await;
    let app = app_on(&shown);
    for id in ["curl", "python", "javascript", "go", "rust", "java", "csharp"] {
        let code = text_of(shown.text(), &format!("sample-{id}")).unwrap();
        for text in [&app.client_id, &app.secret, &format!("{BASE_URL}/connect/token"), "client_credentials"]
        {
            assert!(code.contains(text), "{id}: {text}: {code}");
        }
        assert!(
            code.contains("scope") && code.contains("read") && !code.contains("resource"),
            "{id}: {code}"
        );
        let button = format!("data-copy=\"sample-{id}\"");
        assert!(shown.text().contains(&button), "{id}");
    }
    assert!(!shown.text().contains("id=\"obstacle-1\""), "{}", shown.text());
    assert!(!shown.text().contains("id=\"sign-in-closed\""), "{}", shown.text());
    // The script asks before the page is left: about this secret, until this link is pressed.
    assert_eq!(attribute(shown.text(), "data-unsaved").as_deref(), Some("client-secret"));
    assert_eq!(attribute(shown.text(), "data-release").as_deref(), Some("put-away-link"));
    assert!(shown.text().contains("/account/assets/leave-guard."));
}

#[actix_web::test]
async fn the_page_says_why_there_will_be_no_token_yet() {
    let world = World::new().await;
    let id =
        world.create("/api/v1/tenants", json!({"name": "Acme"})).await["id"].as_str().unwrap().to_owned();
    let olga = operator(&world, "olga").await;
    let shown = made(&olga, &id, &[("region", "eu-west"), ("name", "Orders")]).await;
    let obstacle = text_of(shown.text(), "obstacle-1").unwrap();
    assert!(obstacle.contains("not active yet"), "{obstacle}");

    // An instance that has no default scope.
    let resources = world.operated("GET", "/api/v1/resources", None).await;
    let api = resources["items"].as_array().unwrap().iter().find(|item| item["audience"] == "TrueParser.API");
    let scope = format!("/api/v1/resources/{}/scopes/read", api.unwrap()["id"].as_str().unwrap());
    assert_eq!(world.operate("DELETE", &scope, None).await.status, 204);
    let shown = made(&olga, &id, &[("region", "eu-west"), ("name", "Other")]).await;
    let obstacle = text_of(shown.text(), "obstacle-2").unwrap();
    assert!(obstacle.contains("no scope"), "{obstacle}");
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.app_with(&acme, "Taken", json!({})).await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let good = [("region", "eu-west"), ("name", "Orders"), ("domain_2", "https://App.example.com/")];
    for (id, field, text, status, expected) in [
        ("region", "region", "", 422, "Choose a region."),
        ("region", "region", "nowhere", 422, "The region does not exist."),
        ("name", "name", "", 422, "Must not be empty."),
        ("name", "name", " tAKEN ", 409, "Another app of the tenant has this name."),
        (
            "login-redirect-uris",
            "login_redirect_uris",
            "https://a.example/\nhttp://a.example/",
            422,
            "Line 2: Must use https, or http to localhost or a loopback address.",
        ),
        (
            "logout-redirect-uris",
            "logout_redirect_uris",
            "https://a.example/*",
            422,
            "Line 1: Must not have a wildcard.",
        ),
        ("domain-1", "domain_1", "*.example.com", 422, "Must not have a wildcard."),
        ("domain-3", "domain_3", "localhost:99999", 422, "The port must be a number from 1 to 65535."),
        ("domain-3", "domain_3", "APP.example.com", 422, "Is listed twice."),
    ] {
        let fields: Vec<_> =
            good.into_iter().filter(|(name, _)| *name != field).chain([(field, text)]).collect();
        let page = made(&ada, &acme, &fields).await;
        assert_eq!(page.status, status, "{field} {text}: {}", page.text());
        assert_page(&page);
        assert_eq!(error_beside(&page, id).as_deref(), Some(expected), "{field} {text}");
        let errors = page.text().matches("class=\"field-error\"").count();
        assert_eq!(errors, 1, "{field} {text}");
        // What was typed is there, and below a domain how it will be stored.
        let is_kept = |text: &str| page.text().contains(&format!("value=\"{text}\""));
        assert!(is_kept("https://App.example.com/"), "{}", page.text());
        assert_eq!(text_of(page.text(), "domain-2-status").as_deref(), Some("Stored as app.example.com"));
        assert!(field == "name" || is_kept("Orders"), "{}", page.text());
    }
    assert_eq!(app_count(&world, &acme).await, 1);
}

#[actix_web::test]
async fn everything_that_is_wrong_is_said_at_once_and_the_reader_begins_at_the_first() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.app_with(&acme, "Taken", json!({})).await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let fields = [("region", "eu-west"), ("name", " tAKEN "), ("domain_1", "*.example.com")];
    let page = made(&ada, &acme, &fields).await;
    assert_eq!(page.status, 422, "{}", page.text());
    assert_eq!(error_beside(&page, "name").as_deref(), Some("Another app of the tenant has this name."));
    assert_eq!(error_beside(&page, "domain-1").as_deref(), Some("Must not have a wildcard."));
    assert!(page.text().contains("<title>Error: New app"), "{}", page.text());
    let (before, _) = page.text().split_once(" autofocus=\"\"").unwrap();
    assert!(before.rsplit_once('<').unwrap().1.starts_with("input id=\"name\""), "{before}");

    // Nor is it worth while to mend a domain where there is no room.
    for number in 0..2 {
        world.app_with(&acme, &format!("App {number}"), json!({})).await;
    }
    let csrf = csrf_of(&ada.get(&format!("/dashboard/tenants/{acme}/apps")).await);
    let fields =
        [("csrf", csrf.as_str()), ("region", "eu-west"), ("name", "Late"), ("domain_1", "*.example.com")];
    let page = ada.post(&path(&acme), &fields).await;
    assert_eq!((page.status, message_of(&page).as_deref()), (422, Some("app_limit_reached")));
    assert_eq!(error_beside(&page, "domain-1").as_deref(), Some("Must not have a wildcard."));
}

#[actix_web::test]
async fn texts_of_others_are_no_markup() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let evil = "\"><script>alert(1)</script>";
    let names =
        ["region", "name", "login_redirect_uris", "logout_redirect_uris", "domain_1", "domain_2", "domain_3"];
    let page = made(&ada, &acme, &names.map(|name| (name, evil))).await;
    assert_eq!(page.status, 422);
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    // The name is a good one; everything else is not.
    assert_eq!(page.text().matches("class=\"field-error\"").count(), 6, "{}", page.text());
}

#[actix_web::test]
async fn a_region_that_takes_no_app_says_why_and_cannot_be_chosen() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    // The only usable one is chosen already.
    let input = |page: &Answer, code: &str| {
        let (before, after) = page.text().split_once(&format!("value=\"{code}\"")).unwrap();
        let start = before.rfind('<').unwrap();
        let tag = format!("{}{}", before.get(start..).unwrap(), after.split('>').next().unwrap());
        let hint = after.split_once("class=\"hint\"").unwrap().1;
        let hint = hint.split_once('>').unwrap().1.split('<').next().unwrap().to_owned();
        (tag.contains(" checked"), tag.contains(" disabled"), hint)
    };
    let empty = world.create("/api/v1/regions", json!({"code": "empty", "name": "Empty"})).await;
    let page = ada.get(&path(&acme)).await;
    assert_eq!(input(&page, "empty"), (false, true, "The region has no active database.".to_owned()));
    let (is_checked, is_disabled, _) = input(&page, "eu-west");
    assert!(is_checked && !is_disabled, "{}", page.text());

    // Who sends it all the same is told, and so is who was too slow.
    let sent = made(&ada, &acme, &[("region", "empty"), ("name", "Orders")]).await;
    assert_eq!(sent.status, 409);
    assert_eq!(error_beside(&sent, "region").as_deref(), Some("The region has no active database."));

    let databases = format!("/api/v1/regions/{}/databases", empty["id"].as_str().unwrap());
    world.create(&databases, json!({"db_code": "e1", "capacity": 1})).await;
    let page = ada.get(&path(&acme)).await;
    let (is_checked, is_disabled, _) = input(&page, "empty");
    assert!(!is_checked && !is_disabled, "now there are two to choose from");
    made(&ada, &acme, &[("region", "empty"), ("name", "Orders")]).await;
    let page = ada.get(&path(&acme)).await;
    assert_eq!(
        input(&page, "empty"),
        (false, true, "The region's databases are full.".replace('\'', "&#39;"))
    );
}

#[actix_web::test]
async fn a_tenant_at_its_limit_is_told_before_and_after() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let page = ada.get(&path(&acme)).await;
    for number in 0..3 {
        world.app_with(&acme, &format!("App {number}"), json!({})).await;
    }
    let late = ada.submit(&page, "new-app-form", &[("region", "eu-west"), ("name", "Orders")]).await;
    assert_eq!(
        (late.status, message_of(&late).as_deref()),
        (403, Some("app_limit_reached")),
        "{}",
        late.text()
    );
    assert!(late.text().contains("value=\"Orders\""));
    let early = ada.get(&path(&acme)).await;
    assert_eq!((early.status, message_of(&early).as_deref()), (200, Some("app_limit_reached")));
    assert!(!early.text().contains("new-app-form") && early.text().contains("id=\"no-more-apps\""));
    assert_eq!(app_count(&world, &acme).await, 3);
}

#[actix_web::test]
async fn sending_the_form_twice_makes_one_app() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let page = ada.get(&path(&acme)).await;
    let fields = [("region", "eu-west"), ("name", "Orders")];
    let first = ada.submit(&page, "new-app-form", &fields).await;
    let second = ada.submit(&page, "new-app-form", &fields).await;
    assert_eq!((first.status, second.status), (200, 409));
    assert_eq!(error_beside(&second, "name").as_deref(), Some("Another app of the tenant has this name."));
    assert!(!second.text().contains(&app_on(&first).secret));
    assert_eq!(app_count(&world, &acme).await, 1);
}

#[actix_web::test]
async fn only_who_may_make_apps_there_gets_anywhere() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let auditor = member(&world, &acme, "ada", "auditor").await;
    let mallory = member(&world, &bolt, "mallory", "owner").await;
    let own = mallory.get(&path(&bolt)).await;
    let csrf = csrf_of(&own);
    let fields = [("csrf", csrf.as_str()), ("region", "eu-west"), ("name", "Orders")];

    let list = format!("/dashboard/tenants/{acme}/apps");
    for (browser, status) in [(&auditor, 403), (&mallory, 404)] {
        for path in [path(&acme), format!("{list}/name-check?name=Orders")] {
            assert_eq!(browser.get(&path).await.status, status, "{path}");
        }
    }
    assert_eq!(mallory.get(&format!("{list}/domain-preview?domain=a.example")).await.status, 404);
    assert_eq!(mallory.post(&path(&acme), &fields).await.status, 404);
    // An auditor's browser has no such form, but any form of the session carries its token.
    let home = auditor.get(&list).await;
    let token = csrf_of(&home);
    let fields = [("csrf", token.as_str()), ("region", "eu-west"), ("name", "Orders")];
    assert_eq!(auditor.post(&path(&acme), &fields).await.status, 403);
    // A form that another site made.
    let foreign = mallory.post(&path(&bolt), &[("region", "eu-west"), ("name", "Orders")]).await;
    assert_eq!(
        (foreign.status, message_of(&foreign).as_deref()),
        (403, Some("form_expired")),
        "{}",
        foreign.text()
    );
    assert_eq!((app_count(&world, &acme).await, app_count(&world, &bolt).await), (0, 0));
}

#[actix_web::test]
async fn names_and_domains_are_judged_while_they_are_typed() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.app_with(&acme, "Taken", json!({})).await;
    let ada = member(&world, &acme, "ada", "developer").await;
    let apps = format!("/dashboard/tenants/{acme}/apps");
    for (query, expected) in [
        ("name-check?name=Orders", json!({"free": true, "problem": null})),
        (
            "name-check?name=%20taken",
            json!({"free": false, "problem": "Another app of the tenant has this name."}),
        ),
        ("name-check?name=", json!({"free": false, "problem": "Must not be empty."})),
        ("name-check", json!({"free": false, "problem": "Must not be empty."})),
        (
            "domain-preview?domain=https%3A%2F%2FApp.example.com%2F",
            json!({"stored": "app.example.com", "problem": null}),
        ),
        (
            "domain-preview?domain=*.example.com",
            json!({"stored": null, "problem": "Must not have a wildcard."}),
        ),
    ] {
        let answer = ada.get(&format!("{apps}/{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        assert_page(&answer);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.json(), expected, "{query}");
    }
}
