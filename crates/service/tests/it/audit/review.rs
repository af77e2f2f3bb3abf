//! The periodic review: "Audit all trusted apps periodically for owners, scopes, and usage" (seed 002).

use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::user::{UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::audit::review_apps::{ReviewFilter, ReviewedApp, review_apps};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_storage::outcome::Inserted;

use crate::world::{TestApp, World, denial};

const DAY: u64 = 86_400;

fn all(world: &World, filter: &ReviewFilter) -> Vec<ReviewedApp> {
    let page = review_apps(&world.operator(), filter, None, 100).unwrap();
    assert_eq!(page.next_after, None);
    page.apps
}

fn of(world: &World, app: &TestApp) -> ReviewedApp {
    let apps = all(world, &ReviewFilter::default());
    apps.into_iter().find(|reviewed| reviewed.app.id == app.id).unwrap()
}

fn codes(reviewed: &ReviewedApp) -> Vec<&'static str> {
    reviewed.findings.iter().map(|finding| finding.code()).collect()
}

#[test]
fn seed_002_the_review_shows_owners_scopes_and_usage() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let user = world.user(UserKind::Internal, "alice");
    let membership = Membership {
        tenant_id: app.tenant_id,
        user_id: user.id,
        role: Role::Owner,
        created_at: world.authority.now(),
        version: RecordVersion::FIRST,
    };
    let inserted = world.store.mutate(|writes| writes.insert_membership(world.instance_id, &membership));
    assert_eq!(inserted.unwrap(), Inserted::Inserted);
    world.advance(DAY);
    world.token(&app);
    world.authority.keep_books().unwrap();
    let seen = of(&world, &app);
    assert_eq!(seen.tenant_name.as_str(), "Acme");
    assert_eq!(seen.owners.iter().map(UserName::as_str).collect::<Vec<_>>(), ["alice"]);
    assert_eq!(seen.last_used_at, Some(world.authority.now()));
    assert_eq!(seen.oldest_secret_at, Some(seen.app.created_at));
    assert!(!codes(&seen).contains(&"no_owner"));
    world.advance(400 * DAY);
    assert!(codes(&of(&world, &app)).contains(&"unused_for_long"));
    assert!(codes(&of(&world, &app)).contains(&"secret_old"));
    switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
    let seen = of(&world, &app);
    assert!(
        seen.owners.is_empty() && codes(&seen).contains(&"no_owner"),
        "who is disabled answers for nothing"
    );
}

#[test]
fn the_review_is_filtered_and_paged() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let apps: Vec<TestApp> = ["One", "Two", "Three"].map(|name| world.app(&tenant, name)).into();
    world.lone_app("Other");
    let own = ReviewFilter { tenant_id: Some(tenant.id), ..ReviewFilter::default() };
    assert_eq!(all(&world, &own).len(), 3);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = review_apps(&world.operator(), &own, after, 2).unwrap();
        assert!(page.apps.len() <= 2);
        seen.extend(page.apps.iter().map(|reviewed| reviewed.app.id));
        after = page.next_after;
        if after.is_none() {
            break;
        }
    }
    let mut expected: Vec<_> = apps.iter().map(|app| app.id).collect();
    expected.sort();
    assert_eq!(seen, expected);
    let full = review_apps(&world.operator(), &own, None, 3).unwrap();
    assert_eq!((full.apps.len(), full.next_after), (3, None), "the last page says so even when it is full");
    let unknown = ReviewFilter { finding: Some("no_such_code".to_owned()), ..ReviewFilter::default() };
    assert_eq!(all(&world, &unknown), []);
    let ownerless = ReviewFilter { finding: Some("no_owner".to_owned()), ..own };
    assert_eq!(all(&world, &ownerless).len(), 3);
}

#[test]
fn a_tenant_reviews_its_own_apps_only() {
    let world = World::new();
    let (own, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let auditor = world.tenant_caller(own.tenant_id, Role::Auditor);
    let page = review_apps(&auditor, &ReviewFilter::default(), None, 100).unwrap();
    assert_eq!(page.apps.iter().map(|reviewed| reviewed.app.id).collect::<Vec<_>>(), [own.id]);
    let foreign = ReviewFilter { tenant_id: Some(other.tenant_id), ..ReviewFilter::default() };
    assert_eq!(denial(review_apps(&auditor, &foreign, None, 100)), RegistryDenial::NotFound);
    let from_foreign = review_apps(&auditor, &ReviewFilter::default(), Some(other.id), 100).unwrap();
    assert!(from_foreign.apps.iter().all(|reviewed| reviewed.app.tenant_id == own.tenant_id));
}
