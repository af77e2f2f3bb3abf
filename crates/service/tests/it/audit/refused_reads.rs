//! Who looks where it must not leaves an event, without waiting for any change.

use turnkeep_domain::filter::{AppFilter, AuditFilter, UserFilter};
use turnkeep_domain::id::{AppId, PlanId, RegionId, ResourceId, UserId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{AuditPage, Direction, Page};
use turnkeep_service::audit::list_events::list_audit_events;
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::people::list_members::list_members;
use turnkeep_service::people::manage_operators::list_operators;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::find_app::{find_app, list_apps};
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_instance::list_instances;
use turnkeep_service::registry::manage_region::list_region_databases;
use turnkeep_service::registry::manage_resource::list_resource_servers;
use turnkeep_service::registry::manage_user::{find_user, list_users};
use turnkeep_service::registry::retire_plan::foresee_retirement;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::world::{World, denial};

#[test]
fn a_read_without_the_permission_leaves_one_event_with_its_name() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let owner = world.tenant_caller(app.tenant_id, Role::Owner);
    let nobody = world.context(Reach::Nowhere);
    let page = AuditPage { after: None, direction: Direction::Descending, limit: 1 };
    let before = world.trail().len();
    denial(list_users(&owner, &UserFilter::default(), &Page::first(9)));
    denial(find_user(&owner, UserId::from_bytes([9; 16])));
    denial(list_operators(&owner, &UserFilter::default(), &Page::first(9)));
    denial(show_chain(&owner));
    denial(list_instances(&owner));
    denial(list_region_databases(&owner, RegionId::from_bytes([9; 16])));
    denial(list_resource_servers(&owner, ResourceId::from_bytes([9; 16])));
    denial(foresee_retirement(&owner, PlanId::from_bytes([9; 16]), None, 9));
    denial(list_audit_events(&nobody, &AuditFilter::default(), page));
    denial(list_members(&nobody, app.tenant_id, None, &Page::first(9)));
    denial(list_apps(&nobody, None, &AppFilter::default(), &Page::first(9)));
    denial(find_app(&nobody, app.id));
    denial(explain_app(&nobody, app.id));
    denial(list_secrets(&nobody, app.id));
    assert_eq!(world.trail().len(), before, "it waits for the books");
    world.authority.keep_books().unwrap();
    let expected = [
        ("user.read", 2),
        ("operator.read", 1),
        ("audit_chain.read", 1),
        ("instance.read", 1),
        ("region_database.read", 1),
        ("resource_server.read", 1),
        ("plan.foresee_retirement", 1),
        ("audit.read", 1),
        ("member.read", 1),
        ("app.read", 2),
        ("app.explain", 1),
        ("secret.read", 1),
    ];
    for (action, count) in expected {
        let events = world.events(action);
        assert_eq!(events.len(), count, "{action}");
        assert!(events.iter().all(|event| event.refusal.as_deref() == Some("forbidden")), "{action}");
    }
    assert_eq!(world.trail().len(), before + 14);
    let of_owner = world.events("user.read");
    assert!(of_owner.iter().all(|event| event.tenant_id == Some(app.tenant_id)));
}

#[test]
fn a_read_of_what_is_not_there_leaves_none() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let stranger = world.tenant("Other");
    let context = world.tenant_caller(stranger.id, Role::Owner);
    let before = world.trail().len();
    for id in [app.id, AppId::from_bytes([9; 16])] {
        denial(find_app(&context, id));
    }
    world.authority.keep_books().unwrap();
    assert_eq!(world.trail().len(), before);
}
