//! Which secrets authenticate an app, and what becomes of their stored forms.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_service::authority::{AuthoritySettings, HashingLimits};
use turnkeep_service::failure::Fault;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::create_app::CreateAppCommand;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::{Admission, Applicant, NotAdmitted};
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};

use crate::world::{TestApp, World, cheap_settings, fault, master_keys};

const FAILED: TokenDenial = TokenDenial::ClientAuthenticationFailed;

/// Settings of a server whose hashing is all taken.
fn overloaded() -> AuthoritySettings {
    AuthoritySettings { hashing: HashingLimits { at_once: 0, waiting: 0 }, ..cheap_settings() }
}

fn digest(world: &World, app: &TestApp) -> SecretDigest {
    let stored = world.store.read(|reads| reads.list_secrets(app.tenant_id, app.id)).unwrap();
    stored[0].digest.clone()
}

#[test]
fn only_the_exact_secret_of_the_app_authenticates() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let (app, other) = (world.app(&tenant, "One"), world.app(&tenant, "Two"));
    let secret = app.secret.clone().unwrap();
    world.token(&app);
    for wrong in [
        None,
        Some(String::new()),
        other.secret.clone(),
        Some(secret.strip_suffix(|_: char| true).unwrap().to_owned()),
        Some(format!("{secret}\0")),
        Some(format!("{secret} ")),
        Some(format!("\u{feff}{secret}")),
        Some(secret.to_uppercase()),
    ] {
        assert_eq!(world.refusal(&TestApp { secret: wrong.clone(), ..app.clone() }), FAILED, "{wrong:?}");
    }
}

#[test]
fn client_ids_are_compared_byte_for_byte() {
    let world = World::new();
    let app = world.lone_app("Acme");
    for text in [
        app.client_id.to_uppercase(),
        format!("{} ", app.client_id),
        format!("{}\0", app.client_id),
        format!("{}.", app.client_id),
        app.client_id.replace('_', "%5F"),
        String::new(),
        "x".repeat(100_000),
    ] {
        let asked = TestApp { client_id: text.clone(), ..app.clone() };
        assert_eq!(world.refusal(&asked), TokenDenial::AppUnknown, "{text:.40}");
    }
}

#[test]
fn a_regenerated_secret_replaces_every_older_one_at_once() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let overlapping = add_secret(&world.operator(), app.id, Overlap::from_secs(60).unwrap(), None).unwrap();
    let second = app.with_secret(&overlapping.plaintext);
    let added = regenerate_secret(&world.operator(), app.id, None).unwrap();
    assert_eq!(world.refusal(&app), FAILED);
    assert_eq!(world.refusal(&second), FAILED);
    world.token(&app.with_secret(&added.plaintext));
}

#[test]
fn a_revoked_secret_is_dead_at_once_and_the_other_one_is_not() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let old = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    let added = add_secret(&world.operator(), app.id, Overlap::from_secs(60).unwrap(), None).unwrap();
    revoke_secret(&world.operator(), app.id, old, None).unwrap();
    assert_eq!(world.refusal(&app), FAILED);
    world.token(&app.with_secret(&added.plaintext));
}

#[test]
fn an_overlap_ends_when_it_was_said_to_end() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let added = add_secret(&world.operator(), app.id, Overlap::from_secs(3_600).unwrap(), None).unwrap();
    world.advance(3_599);
    world.token(&app);
    world.advance(1);
    assert_eq!(world.refusal(&app), FAILED);
    world.token(&app.with_secret(&added.plaintext));
}

#[test]
fn the_secret_of_one_instance_is_worth_nothing_in_another() {
    let world = World::new();
    let (one, two) = (world.instance("one"), world.instance("two"));
    let client_id = Some(ClientId::parse("com.vendor/app").unwrap());
    let create = |world: &World| {
        let command = world.command(&world.tenant("Acme"), "App");
        world.create(&CreateAppCommand { client_id: client_id.clone(), ..command })
    };
    let (in_one, in_two) = (create(&one), create(&two));
    assert_eq!(in_one.client_id, in_two.client_id);
    one.token(&in_one);
    two.token(&in_two);
    assert_eq!(two.refusal(&in_one), FAILED);
    assert_eq!(one.refusal(&in_two), FAILED);
    assert_eq!(world.refusal(&in_one), TokenDenial::AppUnknown);
}

#[test]
fn a_public_app_authenticates_with_nothing() {
    let world = World::new();
    let mut command = world.command(&world.tenant("Acme"), "Spa");
    command.client_type = ClientType::Public;
    command.settings.service_access = ServiceAccess::Disabled;
    let app = world.create(&command);
    assert!(app.secret.is_none());
    for secret in [None, Some(String::new()), Some("x".to_owned())] {
        assert_eq!(world.refusal(&TestApp { secret, ..app.clone() }), FAILED);
    }
}

#[test]
fn an_imported_hash_is_replaced_at_its_first_success() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let imported = world.import_variant(&app, "com.example/imported", |_| {});
    assert_eq!(world.refusal(&TestApp { secret: Some("x".to_owned()), ..imported.clone() }), FAILED);
    assert!(matches!(digest(&world, &imported).record, SecretRecord::ImportedSha256(_)));
    world.token(&imported);
    let improved = digest(&world, &imported);
    assert!(matches!(improved.record, SecretRecord::Scrypt(_)));
    assert_eq!(improved.mac.unwrap().key_id(), master_keys(&[1]).current_id());
    world.token(&imported);
    let faster = world.restarted(&[1], overloaded(), 2);
    faster.token(&imported);
    assert_eq!(faster.refusal(&TestApp { secret: Some("x".to_owned()), ..imported }), FAILED);
}

#[test]
fn a_foreign_hash_is_replaced_at_its_first_success() {
    for text in [
        "$scrypt$ln=10,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8",
        "$argon2id$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y",
        "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
    ] {
        let world = World::new();
        let app = TestApp { secret: Some("correct horse".to_owned()), ..world.lone_app("Acme") };
        let imported = world.import_variant(&app, "com.example/imported", |_| {});
        let before = digest(&world, &imported);
        let foreign = SecretDigest { record: SecretRecord::import(text).unwrap(), mac: None };
        let id =
            world.store.read(|reads| reads.list_secrets(app.tenant_id, imported.id)).unwrap()[0].secret.id;
        world
            .store
            .keep_books(|books| books.replace_secret_digest(imported.id, id, &before.record, &foreign))
            .unwrap();
        assert_eq!(world.refusal(&TestApp { secret: Some("x".to_owned()), ..imported.clone() }), FAILED);
        assert_eq!(digest(&world, &imported), foreign, "{text}");
        world.token(&imported);
        let improved = digest(&world, &imported);
        assert!(improved.record.is_current(cheap_settings().client_secret_scrypt), "{text}");
        assert!(improved.mac.is_some(), "{text}");
        // Without any room for slow hashes: the MAC decides now, and only it.
        let faster = world.restarted(&[1], overloaded(), 2);
        faster.token(&imported);
        assert_eq!(faster.refusal(&TestApp { secret: Some("x".to_owned()), ..imported }), FAILED);
    }
}

#[test]
fn a_right_imported_secret_counts_even_if_its_hash_cannot_be_improved() {
    let world = World::new();
    let mut app = world.lone_app("Acme");
    // scrypt cannot tell a secret from the same one with a NUL at its end, so it takes no such secret.
    app.secret = Some("imported secret\0".to_owned());
    let imported = world.import_variant(&app, "com.example/imported", |_| {});
    world.token(&imported);
    let busy = world.restarted(&[1], overloaded(), 2);
    busy.token(&imported);
    assert!(matches!(digest(&world, &imported).record, SecretRecord::ImportedSha256(_)));
    assert_eq!(busy.refusal(&TestApp { secret: Some("imported secret".to_owned()), ..imported }), FAILED);
}

#[test]
fn under_a_lost_master_key_scrypt_decides_and_the_mac_is_made_anew() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let before = digest(&world, &app);
    // The signing keys are lost with the master key: whoever authenticates gets as far as that.
    let authenticated = |world: &World| matches!(fault(world.issue(&app)), Fault::SigningKey { .. });
    let lost = world.restarted(&[2], cheap_settings(), 2);
    assert_eq!(lost.refusal(&TestApp { secret: Some("x".to_owned()), ..app.clone() }), FAILED);
    assert_eq!(digest(&world, &app), before);
    assert!(authenticated(&lost));
    let after = digest(&world, &app);
    assert_eq!(after.record, before.record);
    assert_eq!(after.mac.unwrap().key_id(), master_keys(&[2]).current_id());
    let busy = world.restarted(&[2], overloaded(), 3);
    assert!(authenticated(&busy), "by the new MAC alone");
    let other = world.restarted(&[3], overloaded(), 4);
    assert!(matches!(fault(other.issue(&app)), Fault::Overloaded));
}

#[test]
fn no_secret_authenticates_an_unknown_client() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.token(&app);
    for client_id in ["tk_000000000000000000000000", "com.vendor/unknown", "é x", ""] {
        let stranger = TestApp { client_id: client_id.to_owned(), ..app.clone() };
        assert_eq!(world.refusal(&stranger), TokenDenial::AppUnknown, "{client_id}");
    }
    delete_app(&world.operator(), app.id, None).unwrap();
    assert_eq!(world.refusal(&app), TokenDenial::AppUnknown);
    assert_eq!(world.refusal(&app), TokenDenial::AppUnknown, "nor does the app that was read in its place");
}

/// Time tells nobody which apps there are: what takes time is done for none of these.
#[test]
fn attack_49_whoever_has_no_secret_of_the_app_is_refused_without_a_slow_hash() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let [app, stopped, other] = ["One", "Stopped", "Other"].map(|name| world.app(&tenant, name));
    let mut public = world.command(&world.tenant("Other"), "Public");
    public.client_type = ClientType::Public;
    public.settings.service_access = ServiceAccess::Disabled;
    let public = world.create(&public);
    for app in [&app, &stopped, &other] {
        world.token(app);
    }
    world.switch(&stopped, AppState::Disabled);
    let unknown = TestApp { client_id: "com.vendor/unknown".to_owned(), ..app.clone() };
    let before = world.authority.status().slow_hashes;
    for asker in [&app, &stopped, &public, &unknown] {
        for secret in
            [other.secret.clone(), Some("guess".to_owned()), Some("x".repeat(100)), Some(String::new())]
        {
            let asker = TestApp { secret, ..asker.clone() };
            world.refusal(&asker);
            assert_eq!(world.authority.status().slow_hashes, before, "{}", asker.client_id);
        }
    }
}

#[test]
fn dead_secrets_cost_no_hash() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let added = regenerate_secret(&world.operator(), app.id, None).unwrap();
    revoke_secret(&world.operator(), app.id, added.secret.id, None).unwrap();
    // Nothing can be decided by MAC here, and nothing can be hashed.
    let busy = world.restarted(&[2], overloaded(), 2);
    assert_eq!(busy.refusal(&app), FAILED);
    assert_eq!(busy.refusal(&app.with_secret(&added.plaintext)), FAILED);
}

#[test]
fn a_typing_error_costs_no_hash() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let mut mistyped = app.secret.clone().unwrap();
    let last = if mistyped.ends_with('0') { "1" } else { "0" };
    mistyped.replace_range(mistyped.len() - 1.., last);
    let busy = world.restarted(&[2], overloaded(), 2);
    assert_eq!(busy.refusal(&TestApp { secret: Some(mistyped), ..app.clone() }), FAILED);
    assert!(matches!(fault(busy.issue(&app)), Fault::Overloaded), "the right one would");
}

#[test]
fn a_rotated_master_key_keeps_secrets_and_signing_keys_usable() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let rotated = world.restarted(&[2, 1], cheap_settings(), 2);
    assert!(rotated.is_active(&token));
    rotated.verify(&rotated.token(&app)).unwrap();
    assert_eq!(digest(&world, &app).mac.unwrap().key_id(), master_keys(&[2]).current_id());
    assert_eq!(rotated.refusal(&TestApp { secret: Some("x".to_owned()), ..app.clone() }), FAILED);
    rotated.token(&app);
}

#[test]
fn the_last_use_of_a_secret_is_noted_with_the_books() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let last_use = || list_secrets(&world.operator(), app.id).unwrap()[0].last_used_at;
    world.refusal(&TestApp { secret: Some("x".to_owned()), ..app.clone() });
    world.authority.keep_books().unwrap();
    assert_eq!(last_use(), None);
    world.advance(10);
    world.token(&app);
    let used = world.authority.now();
    world.advance(10);
    world.authority.keep_books().unwrap();
    assert_eq!(last_use(), Some(used));
}

/// A request from an address.
#[derive(Debug)]
struct Requested(IpAddr);

impl Admission for Requested {
    fn admit(&self, _: &Applicant) -> Result<(), NotAdmitted> {
        Ok(())
    }

    fn address(&self) -> Option<IpAddr> {
        Some(self.0)
    }
}

fn authenticates(world: &World, app: &TestApp, secret: &str, address: &str) -> bool {
    let app = TestApp { secret: Some(secret.to_owned()), ..app.clone() };
    let admission = Arc::new(Requested(address.parse().unwrap()));
    issue_token(&world.authority, &IssueTokenCommand { admission, ..world.request(&app) }, LookUp::Anywhere)
        .is_ok()
}

#[test]
fn attack_47_an_imported_secret_is_guessed_a_hundred_times_from_wherever_the_app_is_not_known() {
    const WEAK: &str = "spring2019";
    let world = World::new();
    let app = world.lone_app("Acme");
    let weak = TestApp { secret: Some(WEAK.to_owned()), ..app.clone() };
    let weak = world.import_variant(&weak, "com.example/weak", |_| {});
    let home = "192.0.2.1";
    assert!(authenticates(&world, &weak, WEAK, home));
    for number in 0..10_000_u32 {
        let address = format!("2001:db8:{:x}:{:x}::1", number / 256, number % 256);
        assert!(!authenticates(&world, &weak, &format!("guess-{number}"), &address));
    }
    // What is right is not looked at any more, wherever somebody could guess it, and it is where the app is known.
    assert!(!authenticates(&world, &weak, WEAK, "198.51.100.7"));
    assert!(authenticates(&world, &weak, WEAK, home));
    world.clock.0.pause(Duration::from_secs(29));
    assert!(!authenticates(&world, &weak, WEAK, "198.51.100.7"));
    world.clock.0.pause(Duration::from_secs(1));
    assert!(authenticates(&world, &weak, WEAK, "198.51.100.7"));
}

#[test]
fn attack_48_failing_on_an_app_with_a_generated_secret_keeps_it_from_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let secret = app.secret.clone().unwrap();
    for number in 0..1_000_u32 {
        let address = format!("198.51.{}.{}", number / 256, number % 256);
        assert!(!authenticates(&world, &app, &format!("guess-{number}"), &address));
    }
    assert!(authenticates(&world, &app, &secret, "192.0.2.1"));
}
