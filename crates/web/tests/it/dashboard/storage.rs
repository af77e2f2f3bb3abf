//! The storage of an app: settings, the check of the connection, and the way back.

use serde_json::json;
use turnkeep_domain::storage_config::StorageCheckOutcome;
use turnkeep_testkit::page_form::text_of;

use super::estate::member;
use crate::account::browser::{Browser, message_of};
use crate::account::pages::assert_page;
use crate::logs::{keep_log, logged};
use crate::world::World;

const SECRET_KEY: &str = "canary/dashboard+storage=key";
const MINIO: [(&str, &str); 5] = [
    ("provider", "minio"),
    ("bucket", "invoices"),
    ("endpoint", "https://minio.example"),
    ("access_key", "AKIAEXAMPLE"),
    ("secret_key", SECRET_KEY),
];

/// The fields, one of them otherwise.
fn with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    MINIO.into_iter().filter(|(field, _)| *field != name).chain([(name, value)]).collect()
}

async fn estate(world: &World) -> (Browser<'_>, String) {
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let dora = member(world, &acme, "dora", "developer").await;
    (dora, format!("/dashboard/tenants/{acme}/apps/{}/storage", app.id))
}

/// The same with MinIO's settings.
async fn connected(world: &World) -> (Browser<'_>, String) {
    let (dora, path) = estate(world).await;
    let saved = dora.submit(&dora.get(&path).await, "storage-form", &MINIO).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    (dora, path)
}

#[actix_web::test]
async fn seed_001_managed_storage_is_explained_and_a_storage_is_connected_and_removed() {
    keep_log();
    let world = World::new().await;
    let (dora, path) = estate(&world).await;
    let managed = dora.get(&path).await;
    assert_page(&managed);
    assert!(managed.text().contains("id=\"managed-storage\""), "{}", managed.text());
    for provider in ["Amazon S3", "Tigris", "Cloudflare R2", "MinIO", "Backblaze B2"] {
        assert!(managed.text().contains(provider), "{provider}");
    }

    let saved = dora.submit(&managed, "storage-form", &MINIO).await;
    assert_eq!((saved.status, saved.header("location")), (303, Some(&*format!("{path}?done=saved"))));
    let shown = dora.get(&path).await;
    for (id, text) in [
        ("storage-provider", "MinIO"),
        ("storage-bucket", "invoices"),
        ("storage-endpoint", "https://minio.example"),
        ("storage-region", "us-east-1"),
        ("storage-access-key", "AKIAEXAMPLE"),
    ] {
        assert_eq!(text_of(shown.text(), id).as_deref(), Some(text), "{id}");
    }
    assert!(shown.text().contains("id=\"not-checked\""));
    assert!(!shown.text().contains(SECRET_KEY) && !logged().contains(SECRET_KEY));

    let removed = dora.submit(&shown, "remove-storage-form", &MEANT).await;
    assert_eq!((removed.status, removed.header("location")), (303, Some(&*format!("{path}?done=removed"))));
    assert!(dora.get(&path).await.text().contains("id=\"managed-storage\""));
    let gone = dora.submit(&shown, "check-form", &[]).await;
    assert_eq!(gone.status, 404, "there is nothing to check");
}

/// The box that is ticked before settings are removed.
const MEANT: [(&str, &str); 1] = [("settings_are_lost", "on")];

#[actix_web::test]
async fn no_settings_are_removed_by_the_press_of_one_button() {
    let world = World::new().await;
    let (dora, path) = connected(&world).await;
    let shown = dora.get(&path).await;
    assert!(text_of(shown.text(), "settings-are-lost-error").is_none());
    for ticked in [&[][..], &[("settings_are_lost", "")], &[("settings_are_lost", "off")]] {
        let refused = dora.submit(&shown, "remove-storage-form", ticked).await;
        assert_page(&refused);
        assert_eq!(refused.status, 422, "{ticked:?}");
        let error = text_of(refused.text(), "settings-are-lost-error").unwrap();
        assert_eq!(error, "Tick this to show that you mean it: nothing was changed.", "{ticked:?}");
        assert_eq!(text_of(dora.get(&path).await.text(), "storage-bucket").as_deref(), Some("invoices"));
    }
    // The key is there as well: the check goes on using it.
    assert_eq!(dora.submit(&shown, "check-form", &[]).await.status, 303);
}

#[actix_web::test]
async fn each_outcome_of_a_check_is_said_in_words() {
    let world = World::new().await;
    let (dora, path) = connected(&world).await;
    for (outcome, words, results) in [
        (StorageCheckOutcome::Works, "It works", ["yes", "yes", "yes", "yes"]),
        (StorageCheckOutcome::CredentialsRefused, "refuses the keys", ["yes", "yes", "no", "not known"]),
        (StorageCheckOutcome::BucketNotFound, "no such bucket", ["yes", "yes", "not known", "no"]),
        (
            StorageCheckOutcome::Unreachable,
            "No storage can be reached",
            ["no", "not known", "not known", "not known"],
        ),
        (
            StorageCheckOutcome::UnexpectedAnswer,
            "but not as an S3-compatible",
            ["yes", "no", "not known", "not known"],
        ),
    ] {
        *world.probe.answer.lock().unwrap() = Ok(outcome);
        let checked = dora.submit(&dora.get(&path).await, "check-form", &[]).await;
        assert_eq!(
            (checked.status, checked.header("location")),
            (303, Some(&*format!("{path}?done=checked")))
        );
        let page = dora.get(&path).await;
        let said = text_of(page.text(), "check-outcome").unwrap();
        assert!(said.contains(words), "{outcome:?}: {said}");
        let (_, steps) = page.text().split_once("id=\"check-steps\"").unwrap();
        let (steps, _) = steps.split_once("</table>").unwrap();
        let shown: Vec<_> = steps
            .split("<span class=")
            .skip(1)
            .map(|rest| rest.split_once('>').unwrap().1.split('<').next().unwrap())
            .collect();
        assert_eq!(shown, results, "{outcome:?}");
    }
    // What was found out is about the settings as they were.
    let page = dora.get(&path).await;
    let fields = [("provider", "minio"), ("bucket", "other"), ("endpoint", "https://minio.example")];
    let fields: Vec<_> = fields.into_iter().chain([("access_key", "AKIAEXAMPLE")]).collect();
    assert_eq!(dora.submit(&page, "storage-form", &fields).await.status, 303);
    let page = dora.get(&path).await;
    assert!(page.text().contains("id=\"not-checked\"") && page.text().contains(">other<"));
}

#[actix_web::test]
async fn what_is_wrong_is_beside_its_field_and_the_secret_key_is_never_shown_again() {
    let world = World::new().await;
    let (dora, path) = estate(&world).await;
    let page = dora.get(&path).await;
    for (name, value, wrong) in [
        ("provider", "", "provider-error"),
        ("bucket", "My Bucket", "bucket-error"),
        ("endpoint", "minio.example", "endpoint-error"),
        ("endpoint", "https://10.0.0.1", "endpoint-error"),
        ("region", "a b", "region-error"),
        ("access_key", "", "access-key-error"),
        ("secret_key", "", "secret-key-error"),
        ("secret_key", "two words", "secret-key-error"),
    ] {
        let refused = dora.submit(&page, "storage-form", &with(name, value)).await;
        assert_eq!(refused.status, 422, "{name}={value}");
        assert!(text_of(refused.text(), wrong).is_some(), "{name}={value}: {}", refused.text());
        assert!(!refused.text().contains(SECRET_KEY) && !refused.text().contains("two words"));
        if name != "bucket" {
            assert!(refused.text().contains("value=\"invoices\""), "{name}={value}");
        }
    }
    let markup = dora.submit(&page, "storage-form", &with("bucket", "\"><script>alert(1)</script>")).await;
    assert!(!markup.text().contains("<script>alert") && markup.text().contains("&#60;script&#62;alert(1)"));
    assert!(dora.get(&path).await.text().contains("id=\"managed-storage\""));
}

#[actix_web::test]
async fn attack_63_the_stored_key_goes_nowhere_else_without_being_entered_again() {
    let world = World::new().await;
    let (dora, path) = connected(&world).await;
    let page = dora.get(&path).await;
    let without_key = |name, value| -> Vec<_> {
        with(name, value).into_iter().filter(|(field, _)| *field != "secret_key").collect()
    };
    for (name, value) in [("endpoint", "https://evil.example"), ("access_key", "AKIAOTHER")] {
        let refused = dora.submit(&page, "storage-form", &without_key(name, value)).await;
        assert_eq!(refused.status, 422, "{name}");
        let error = text_of(refused.text(), "secret-key-error").unwrap();
        assert!(error.contains("has to be entered again"), "{error}");
        assert_eq!(
            text_of(dora.get(&path).await.text(), "storage-endpoint").unwrap(),
            "https://minio.example"
        );
    }
    let entered = with("endpoint", "https://other.example");
    assert_eq!(dora.submit(&page, "storage-form", &entered).await.status, 303);
    let kept = without_key("endpoint", "https://other.example");
    assert_eq!(dora.submit(&dora.get(&path).await, "storage-form", &kept).await.status, 303);
}

#[actix_web::test]
async fn settings_that_were_changed_meanwhile_are_not_overwritten() {
    let world = World::new().await;
    let (dora, path) = estate(&world).await;
    let empty = dora.get(&path).await;
    assert_eq!(dora.submit(&empty, "storage-form", &MINIO).await.status, 303);
    let first = dora.get(&path).await;
    let stale = dora.submit(&empty, "storage-form", &with("bucket", "mine")).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    assert!(stale.text().contains("value=\"mine\"") && stale.text().contains(">invoices<"));

    assert_eq!(dora.submit(&first, "storage-form", &with("bucket", "theirs")).await.status, 303);
    for form in ["storage-form", "remove-storage-form"] {
        let fields: Vec<_> = with("bucket", "mine").into_iter().chain(MEANT).collect();
        let stale = dora.submit(&first, form, &fields).await;
        assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")), "{form}");
    }
    assert_eq!(text_of(dora.get(&path).await.text(), "storage-bucket").as_deref(), Some("theirs"));
}
