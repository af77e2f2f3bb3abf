//! Attack 75: what people sign in with is nowhere but where it belongs.

use std::sync::Arc;

use turnkeep_domain::user::UserKind;
use turnkeep_service::sign_in::request_reset::{ResetRequest, request_reset};
use turnkeep_service::sign_in::second_factors::begin_totp_setup;
use turnkeep_service::sign_in::sign_in_with_password::PasswordSignIn;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;

use super::links::token_in;
use super::sign_in_verbs::{PASSWORD, browser, browser_with, secret};
use crate::world::World;

#[test]
fn no_password_handle_code_or_link_is_written_or_printed() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::parse(&format!("sqlite:{}", folder.path().join("x.db").display())).unwrap();
    migrations::apply(&url).unwrap();
    let store: Arc<dyn Store> = Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap());
    let (world, outbox) = World::bare_on(store).with_outbox();
    world.human_without_password(UserKind::Internal, "ada", Some("ada@example.com"));
    world.set_password("ada", PASSWORD);
    let session = world.came_in("ada");
    let signed_in = world.behind(&session).unwrap();
    let setup = begin_totp_setup(&world.authority, &world.slug, &signed_in, None).unwrap();
    let (base32, codes) = world.set_up_totp(&signed_in);
    let guess = "a guess that is wrong";
    let _refused = world.try_password("ada", guess, &browser("192.0.2.1"));
    let _refused = world.try_password("password typed as the name", guess, &browser("192.0.2.1"));
    let request = ResetRequest {
        issuer: world.slug.clone(),
        user_name: "ada".to_owned(),
        device: None,
        request_id: None,
    };
    request_reset(&world.authority, request);
    world.authority.keep_books().unwrap();
    let link = token_in(&outbox.mails()[0].text);
    let command = PasswordSignIn {
        issuer: world.slug.clone(),
        user_name: "ada".to_owned(),
        password: secret(PASSWORD),
        browser: browser_with(&session),
        request_id: None,
    };
    let printed = format!("{command:?} {session:?} {signed_in:?} {setup:?} {codes:?} {:?}", world.trail());
    let files: Vec<Vec<u8>> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let is_written =
        |text: &str| files.iter().any(|file| file.windows(text.len()).any(|w| w == text.as_bytes()));
    assert!(is_written("ada@example.com"), "what is written is found");
    let first = world.operator.first_operator_link.as_ref().unwrap();
    for (what, canary) in [
        ("password", PASSWORD),
        ("guess", guess),
        ("name that is none", "password typed as the name"),
        ("handle", session.handle.expose()),
        ("device", session.device.expose()),
        ("authenticator secret", &base32),
        ("recovery code", codes[0].expose()),
        ("link", link.expose()),
        ("first link", token_in(first.expose()).expose()),
    ] {
        assert!(!is_written(canary), "{what} is in the database");
        assert!(!printed.contains(canary), "{what} is printed");
    }
    assert!(!printed.contains(setup.secret.expose()));
}
