//! The secrets of an app: made, shown once, and taken back.

use serde_json::json;
use turnkeep_testkit::page_form::text_of;

use super::estate::member;
use crate::account::browser::{Browser, csrf_of, message_of};
use crate::account::pages::assert_page;
use crate::logs::{keep_log, logged};
use crate::world::answer::Answer;
use crate::world::{TestApp, World};

/// The box that says that the old secrets stop.
const MEANT: [(&str, &str); 1] = [("old_secrets_stop", "on")];

/// A tenant with an app, somebody who develops there, and the path of its secrets.
async fn estate(world: &World) -> (TestApp, Browser<'_>, String) {
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let dora = member(world, &acme, "dora", "developer").await;
    let path = format!("/dashboard/tenants/{acme}/apps/{}/secrets", app.id);
    (app, dora, path)
}

/// The app with the secret that a page shows.
#[track_caller]
fn with_shown(app: &TestApp, page: &Answer) -> TestApp {
    assert_eq!(page.status, 200, "{}", page.text());
    TestApp { secret: text_of(page.text(), "secret").unwrap(), ..app.clone() }
}

/// The ids of the secrets of an app that work, the newest first.
async fn live(world: &World, app: &TestApp) -> Vec<String> {
    let path = format!("/api/v1/apps/{}/secrets?state=live", app.id);
    let listed = world.operated("GET", &path, None).await;
    listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|secret| secret["id"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn seed_001_a_regenerated_secret_is_shown_once_and_the_old_one_is_dead_at_once() {
    keep_log();
    let world = World::new().await;
    let (app, dora, path) = estate(&world).await;
    let token = world.token(&app).await;
    let list = dora.get(&path).await;
    assert_page(&list);
    assert!(list.text().contains("the old ones stop working at once"), "{}", list.text());
    let hint = &app.secret[app.secret.len() - 4..];
    assert!(list.text().contains(&format!("…{hint}")) && !list.text().contains(&app.secret));

    let shown = dora.submit(&list, "regenerate-form", &MEANT).await;
    assert_page(&shown);
    let renewed = with_shown(&app, &shown);
    assert_eq!(text_of(shown.text(), "client-id"), Some(app.client_id.clone()));
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    assert_eq!(world.ask_token(&renewed, "").await.status, 200);
    let dead = world.introspect(&renewed, &token).await;
    assert_eq!(dead.text(), r#"{"active":false}"#);

    // Neither the list nor sending the form again shows it once more.
    let again = dora.submit(&list, "regenerate-form", &MEANT).await;
    assert_eq!((again.status, message_of(&again).as_deref()), (409, Some("stale_version")));
    for page in [&again, &dora.get(&path).await] {
        assert!(!page.text().contains(&renewed.secret), "{}", page.text());
    }
    assert_eq!(world.ask_token(&renewed, "").await.status, 200, "nothing was made the second time");
    assert!(!logged().contains(&renewed.secret));
}

#[actix_web::test]
async fn no_secret_is_regenerated_by_the_press_of_one_button() {
    let world = World::new().await;
    let (app, dora, path) = estate(&world).await;
    let list = dora.get(&path).await;
    assert!(text_of(list.text(), "old-secrets-stop-error").is_none());
    for ticked in [&[][..], &[("old_secrets_stop", "")], &[("old_secrets_stop", "off")]] {
        let refused = dora.submit(&list, "regenerate-form", ticked).await;
        assert_page(&refused);
        assert_eq!(refused.status, 422, "{ticked:?}");
        let error = text_of(refused.text(), "old-secrets-stop-error").unwrap();
        assert_eq!(error, "Tick this to show that you mean it: nothing was changed.", "{ticked:?}");
    }
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    assert_eq!(live(&world, &app).await.len(), 1);
}

#[actix_web::test]
async fn a_secret_that_is_added_goes_beside_the_older_one_until_its_time_is_over() {
    let world = World::new().await;
    let (app, dora, path) = estate(&world).await;
    let list = dora.get(&path).await;
    let shown = dora.submit(&list, "add-secret-form", &[("overlap_seconds", "3600")]).await;
    assert_page(&shown);
    let added = with_shown(&app, &shown);
    assert!(shown.text().contains("datetime=\"2026-01-01T01:00:00Z\""), "{}", shown.text());
    for secret in [&app, &added] {
        assert_eq!(world.ask_token(secret, "").await.status, 200);
    }
    let list = dora.get(&path).await;
    assert!(list.text().contains("id=\"no-room\"") && !list.text().contains("add-secret-form"));

    world.advance(3_600);
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    assert_eq!(world.ask_token(&added, "").await.status, 200);
}

#[actix_web::test]
async fn an_overlap_has_bounds() {
    let world = World::new().await;
    let (app, dora, path) = estate(&world).await;
    let list = dora.get(&path).await;
    for overlap in ["", "59", "2592001", "-1", "soon"] {
        let refused = dora.submit(&list, "add-secret-form", &[("overlap_seconds", overlap)]).await;
        assert_eq!(refused.status, 422, "{overlap}");
        let error = text_of(refused.text(), "overlap-error").unwrap();
        assert_eq!(error, "An overlap lasts from one minute to 30 days.", "{overlap}");
    }
    assert_eq!(live(&world, &app).await.len(), 1);
}

#[actix_web::test]
async fn secrets_are_taken_back_one_by_one_or_all_but_one() {
    let world = World::new().await;
    let (app, dora, path) = estate(&world).await;
    let shown = dora.submit(&dora.get(&path).await, "add-secret-form", &[("overlap_seconds", "86400")]).await;
    let second = with_shown(&app, &shown);
    let ids = live(&world, &app).await;
    let [newer, _] = ids.as_slice() else { panic!("{ids:?}") };

    let kept = dora.submit(&dora.get(&path).await, &format!("keep-{newer}-form"), &[]).await;
    assert_eq!((kept.status, kept.header("location")), (303, Some(&*format!("{path}?done=others-revoked"))));
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    assert_eq!(world.ask_token(&second, "").await.status, 200);

    let list = dora.get(&format!("{path}?done=others-revoked")).await;
    assert!(list.text().contains("All others are revoked."), "{}", list.text());
    assert!(!list.text().contains("keep-"), "there are no others");
    let stale = dora.submit(&list, &format!("revoke-{newer}-form"), &[("version", "1")]).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    assert_eq!(world.ask_token(&second, "").await.status, 200);
    let revoked = dora.submit(&list, &format!("revoke-{newer}-form"), &[]).await;
    assert_eq!((revoked.status, revoked.header("location")), (303, Some(&*format!("{path}?done=revoked"))));
    assert_eq!(world.ask_token(&second, "").await.status, 401);

    // Without any there is a way back.
    let list = dora.get(&path).await;
    let shown = dora.submit(&list, "add-secret-form", &[("overlap_seconds", "3600")]).await;
    assert!(!shown.text().contains("older-secrets"), "{}", shown.text());
    assert_eq!(world.ask_token(&with_shown(&app, &shown), "").await.status, 200);
}

#[actix_web::test]
async fn the_list_says_when_a_secret_was_made_and_last_used() {
    let world = World::new().await;
    let (app, dora, path) = estate(&world).await;
    assert!(dora.get(&path).await.text().contains(">never<"));
    world.advance(600);
    world.token(&app).await;
    world.keep_books();
    let list = dora.get(&path).await;
    for text in ["10 minutes old", "datetime=\"2026-01-01T00:10:00Z\"", "state on"] {
        assert!(list.text().contains(text), "{text}: {}", list.text());
    }
}

#[actix_web::test]
async fn seed_002_a_public_app_has_no_secret_and_is_offered_none() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let settings = json!({
        "client_type": "public", "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    let app = world.app_with(&acme, "Phone", settings).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let path = format!("/dashboard/tenants/{acme}/apps/{}/secrets", app.id);
    let list = dora.get(&path).await;
    assert!(list.text().contains("id=\"no-secrets\""), "{}", list.text());
    assert!(!list.text().contains("regenerate-form") && !list.text().contains("add-secret-form"));
    let csrf = csrf_of(&list);
    for rest in ["regenerate", "add"] {
        let fields = [("csrf", csrf.as_str()), ("version", "1"), ("overlap_seconds", "3600"), MEANT[0]];
        let refused = dora.post(&format!("{path}/{rest}"), &fields).await;
        assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("public_client")), "{rest}");
    }
}
