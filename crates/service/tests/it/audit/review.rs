//! The periodic review: "Audit all trusted apps periodically for owners, scopes, and usage" (seed 002).

use turnkeep_domain::id::AppId;
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::page::{Direction, Order, Page};
use turnkeep_domain::user::{UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::audit::review_apps::{ReviewFilter, ReviewedApp, review_apps};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_storage::outcome::Inserted;

use crate::world::{TestApp, World, denial};

const DAY: u64 = 86_400;

fn all(world: &World, filter: &ReviewFilter) -> Vec<ReviewedApp> {
    let page = review_apps(&world.operator(), filter, &Page::first(100)).unwrap();
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
    let secret = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    revoke_secret(&world.operator(), app.id, secret, None).unwrap();
    assert!(codes(&of(&world, &app)).contains(&"no_live_secret"));
    let wanted = ReviewFilter { finding: Some("no_live_secret".to_owned()), ..ReviewFilter::default() };
    assert_eq!(all(&world, &wanted).iter().map(|found| found.app.id).collect::<Vec<_>>(), [app.id]);
    switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
    let seen = of(&world, &app);
    assert!(
        seen.owners.is_empty() && codes(&seen).contains(&"no_owner"),
        "who is disabled answers for nothing"
    );
}

/// The review two by two in an order.
fn walk(
    world: &World,
    filter: &ReviewFilter,
    direction: Direction,
    order_after: impl Fn(Option<&(String, AppId)>) -> Order<AppId>,
) -> Vec<AppId> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = Page { order: order_after(after.as_ref()), direction, limit: 2 };
        let part = review_apps(&world.operator(), filter, &page).unwrap();
        assert!((1..=2).contains(&part.apps.len()));
        seen.extend(part.apps.iter().map(|reviewed| reviewed.app.id));
        after = part.next_after;
        if after.is_none() {
            return seen;
        }
    }
}

#[test]
fn the_review_is_filtered_and_paged() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let [one, two, three] = ["One", "Two", "Three"].map(|name| {
        // Ids of one millisecond are in no certain order.
        world.advance(1);
        world.app(&tenant, name).id
    });
    world.lone_app("Other");
    let own = ReviewFilter { tenant_id: Some(tenant.id), ..ReviewFilter::default() };
    assert_eq!(all(&world, &own).len(), 3);
    let created = |after: Option<&(String, _)>| Order::Created { after: after.map(|(_, id)| *id) };
    assert_eq!(walk(&world, &own, Direction::Ascending, created), [one, two, three]);
    assert_eq!(walk(&world, &own, Direction::Descending, created), [three, two, one]);
    let name = |after: Option<&(String, _)>| Order::Name { after: after.cloned() };
    assert_eq!(walk(&world, &own, Direction::Ascending, name), [one, three, two]);
    assert_eq!(walk(&world, &own, Direction::Descending, name), [two, three, one]);
    let full = review_apps(&world.operator(), &own, &Page::first(3)).unwrap();
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
    let page = review_apps(&auditor, &ReviewFilter::default(), &Page::first(100)).unwrap();
    assert_eq!(page.apps.iter().map(|reviewed| reviewed.app.id).collect::<Vec<_>>(), [own.id]);
    let foreign = ReviewFilter { tenant_id: Some(other.tenant_id), ..ReviewFilter::default() };
    assert_eq!(denial(review_apps(&auditor, &foreign, &Page::first(100))), RegistryDenial::NotFound);
    let from_foreign = review_apps(&auditor, &ReviewFilter::default(), &Page::after(other.id, 100)).unwrap();
    assert!(from_foreign.apps.iter().all(|reviewed| reviewed.app.tenant_id == own.tenant_id));
}
