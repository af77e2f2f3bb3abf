//! The secrets of an app. What they open is the business of `tokens::check_client`.

use std::time::Duration;

use turnkeep_domain::client_secret::{Overlap, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::SecretId;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_policy::decide_app_settings::AppSettingsWarning;
use turnkeep_policy::decide_secret_addition::SecretAdditionDenial;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::find_app::find_app;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::look_after_secrets::look_after_secrets;
use turnkeep_service::registry::manage_tenant::{TenantChanges, find_tenant, update_tenant};
use turnkeep_service::registry::revoke_secret::{revoke_other_secrets, revoke_secret};
use turnkeep_testkit::fixtures::START;

use crate::world::{TestApp, World, denial};

fn overlap(secs: u64) -> Overlap {
    Overlap::from_secs(secs).unwrap()
}

#[test]
fn an_overlap_lasts_from_a_minute_to_thirty_days() {
    for (secs, allowed) in [(0, false), (59, false), (60, true), (2_592_000, true), (2_592_001, false)] {
        assert_eq!(Overlap::from_secs(secs).is_ok(), allowed, "{secs}");
    }
}

#[test]
fn during_an_overlap_there_is_no_third_secret() {
    let world = World::new();
    let app = world.lone_app("Acme");
    add_secret(&world.operator(), app.id, overlap(3_600), None).unwrap();
    let refused = denial(add_secret(&world.operator(), app.id, overlap(60), None));
    assert_eq!(refused, RegistryDenial::SecretAddition(SecretAdditionDenial::TooManyLive));
    assert_eq!(list_secrets(&world.operator(), app.id).unwrap().len(), 2);
    world.advance(3_599);
    assert!(add_secret(&world.operator(), app.id, overlap(60), None).is_err());
    world.advance(1);
    add_secret(&world.operator(), app.id, overlap(60), None).unwrap();
}

#[test]
fn the_list_is_the_newest_first_and_keeps_the_dead() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let now = || world.authority.now();
    world.advance(1);
    let second = add_secret(&world.operator(), app.id, overlap(60), None).unwrap();
    world.advance(60);
    let third = regenerate_secret(&world.operator(), app.id, None).unwrap();
    let listed = list_secrets(&world.operator(), app.id).unwrap();
    assert_eq!(
        listed[..2].iter().map(|secret| secret.id).collect::<Vec<_>>(),
        [third.secret.id, second.secret.id]
    );
    let states: Vec<_> = listed.iter().map(|secret| secret.state(now())).collect();
    assert_eq!(states, [SecretState::Live, SecretState::Revoked, SecretState::Revoked]);
    assert!(third.plaintext.expose().ends_with(listed[0].hint.as_str()));
}

#[test]
fn an_overlap_never_lengthens_a_life() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.advance(1);
    let second = add_secret(&world.operator(), app.id, overlap(60), None).unwrap();
    let first = |world: &World| list_secrets(&world.operator(), app.id).unwrap().pop().unwrap();
    let expires_at = first(&world).expires_at;
    assert!(expires_at.is_some());
    revoke_secret(&world.operator(), app.id, second.secret.id, None).unwrap();
    world.advance(1);
    add_secret(&world.operator(), app.id, overlap(3_600), None).unwrap();
    assert_eq!(first(&world).expires_at, expires_at);
}

#[test]
fn a_secret_is_revoked_once_and_by_its_app_only() {
    let world = World::new();
    let (app, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let id = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    assert_eq!(denial(revoke_secret(&world.operator(), other.id, id, None)), RegistryDenial::NotFound);
    world.token(&app);
    revoke_secret(&world.operator(), app.id, id, None).unwrap();
    let before = world.store.read(|reads| reads.change_sequence()).unwrap();
    revoke_secret(&world.operator(), app.id, id, None).unwrap();
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), before, "nothing changed again");
    let unknown = SecretId::from_bytes([9; 16]);
    assert_eq!(denial(revoke_secret(&world.operator(), app.id, unknown, None)), RegistryDenial::NotFound);
    world.token(&other);
}

#[test]
fn a_public_app_gets_no_secret() {
    let world = World::new();
    let mut command = world.command(&world.tenant("Acme"), "Spa");
    command.client_type = ClientType::Public;
    command.settings.service_access = ServiceAccess::Disabled;
    let app = world.create(&command);
    let public = RegistryDenial::SecretAddition(SecretAdditionDenial::PublicClient);
    assert_eq!(denial(add_secret(&world.operator(), app.id, overlap(60), None)), public);
    assert_eq!(denial(regenerate_secret(&world.operator(), app.id, None)), public);
    assert!(list_secrets(&world.operator(), app.id).unwrap().is_empty());
}

#[test]
fn revoking_the_others_leaves_one_that_opens() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let first = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    let added = add_secret(&world.operator(), app.id, overlap(3_600), None).unwrap();
    let token = world.token(&app);
    let context = world.operator();
    assert_eq!(
        denial(revoke_other_secrets(&context, app.id, SecretId::from_bytes([9; 16]), None)).code(),
        "not_found"
    );
    assert_eq!(revoke_other_secrets(&context, app.id, added.secret.id, None).unwrap(), 1);
    assert!(!world.is_active(&token), "the tokens of the old secret die with it");
    assert_eq!(world.refusal(&app), TokenDenial::ClientAuthenticationFailed);
    world.token(&app.with_secret(&added.plaintext));
    assert_eq!(revoke_other_secrets(&context, app.id, added.secret.id, None).unwrap(), 0);
    let refused = denial(revoke_other_secrets(&context, app.id, first, None));
    assert_eq!(refused, RegistryDenial::SecretNotLive, "or the app would be left without any");
}

fn limit_age(world: &World, app: &TestApp, days: u16) {
    let secret_max_age = Some(Some(SecretMaxAge::from_days(days).unwrap()));
    let changes = TenantChanges { secret_max_age, ..TenantChanges::default() };
    update_tenant(&world.operator(), app.tenant_id, &changes, None).unwrap();
}

const DAY: u64 = 86_400;

#[test]
fn a_maximum_age_ends_new_secrets_by_it_and_old_ones_not_within_thirty_days() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.advance(400 * DAY);
    limit_age(&world, &app, 90);
    let end = |index: usize| list_secrets(&world.operator(), app.id).unwrap()[index].expires_at;
    let in_days = |days: u64| Some(world.authority.now().plus(Duration::from_secs(days * DAY)));
    assert_eq!(end(0), in_days(30));
    world.token(&app);
    regenerate_secret(&world.operator(), app.id, None).unwrap();
    assert_eq!(end(0), in_days(90));
    let tenant = find_tenant(&world.operator(), app.tenant_id).unwrap();
    let other = world.app(&tenant, "Other");
    assert_eq!(list_secrets(&world.operator(), other.id).unwrap()[0].expires_at, in_days(90));
    world.token(&other);
    world.advance(90 * DAY);
    assert_eq!(world.refusal(&other), TokenDenial::ClientAuthenticationFailed, "the limit bites");
}

#[test]
fn an_end_is_warned_of_thirty_seven_and_one_day_before_once_each() {
    let world = World::new();
    let app = world.lone_app("Acme");
    limit_age(&world, &app, 60);
    let warned = || look_after_secrets(&world.authority).unwrap().warned;
    let mut days_left = Vec::new();
    for (day, expected) in [(0, 0), (29, 0), (30, 1), (31, 0), (53, 1), (54, 0), (59, 1), (60, 0)] {
        let elapsed = world.authority.now().since(START).as_secs();
        world.advance(day * DAY - elapsed);
        assert_eq!(warned(), expected, "day {day}");
        assert_eq!(warned(), 0, "day {day}, again");
        if let Some(event) = world.events("secret.expires_soon").first().filter(|_| expected == 1) {
            days_left.push(event.changes.iter().find(|c| c.attribute == "days_left").unwrap().after.clone());
        }
    }
    assert_eq!(days_left, ["30", "7", "1"].map(|days| Some(days.to_owned())));
}

#[test]
fn the_record_of_an_app_warns_of_its_last_secret() {
    let world = World::new();
    let app = world.lone_app("Acme");
    limit_age(&world, &app, 60);
    let warnings = || find_app(&world.operator(), app.id).unwrap().warnings;
    let soon = |warning: &AppSettingsWarning| matches!(warning, AppSettingsWarning::SecretExpiresSoon(_));
    assert!(!warnings().iter().any(soon));
    world.advance(55 * DAY);
    assert!(warnings().iter().any(soon));
    add_secret(&world.operator(), app.id, overlap(3_600), None).unwrap();
    assert!(!warnings().iter().any(soon), "the newer one lives on");
}

#[test]
fn secrets_are_removed_thirty_days_after_their_end_and_no_other() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let added = add_secret(&world.operator(), app.id, overlap(60), None).unwrap();
    world.advance(60 + 30 * DAY);
    assert_eq!(look_after_secrets(&world.authority).unwrap().purged, 0);
    assert_eq!(list_secrets(&world.operator(), app.id).unwrap().len(), 2);
    world.advance(1);
    assert_eq!(look_after_secrets(&world.authority).unwrap().purged, 1);
    let [left] = list_secrets(&world.operator(), app.id).unwrap()[..] else { panic!("one secret") };
    assert_eq!(left.id, added.secret.id);
    world.token(&app.with_secret(&added.plaintext));
}
