//! What one change does to apps of other people is in the trail of each of their tenants.

use turnkeep_audit::entry::AuditEntry;
use turnkeep_domain::app::{App, AppSettings};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::AppId;
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::ScopeGrant;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::audit::list_events::list_audit_events;
use turnkeep_service::exchange::import_records::import_document;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_resource::delete_scope;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::retire_plan::retire_plan;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_testkit::fixtures::name;

use crate::exchange::exchange_verbs::applying;
use crate::world::{TestApp, World};

/// The newest event of the app's tenant, as an owner there sees it.
fn newest(world: &World, app: &TestApp) -> AuditEntry {
    let owner = world.tenant_caller(app.tenant_id, Role::Owner);
    let page = AuditPage { after: None, direction: Direction::Descending, limit: 1 };
    list_audit_events(&owner, &AuditFilter::default(), page).unwrap().remove(0).entry
}

/// What it says: `attribute before→after`.
fn told(event: &AuditEntry) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    event
        .changes
        .iter()
        .map(|change| format!("{} {}→{}", change.attribute, text(&change.before), text(&change.after)))
        .collect()
}

fn check(world: &World, app: &TestApp, action: &str, expected: &[String]) {
    let event = newest(world, app);
    assert_eq!((event.action.as_str(), event.object.clone()), (action, Some(app.id.to_string())));
    assert_eq!(event.tenant_id, Some(app.tenant_id));
    assert_eq!(told(&event), expected);
}

fn record(world: &World, app: &TestApp) -> App {
    world.record(app.id).unwrap()
}

#[test]
fn every_tenant_sees_that_a_retired_plan_stops_its_apps() {
    let world = World::new();
    let plan = world.plan("old", PlanPrice::Paid);
    let apps = [world.lone_app("Acme"), world.lone_app("Other")];
    for app in &apps {
        world.change_plan(app, PlanAction::Assign(plan.id));
    }
    world.retire_plan(plan.id);
    for app in &apps {
        let expected = ["plan_state active→retired".to_owned(), format!("retired_plan_id →{}", plan.id)];
        check(&world, app, "app.plan_retired", &expected);
    }
}

#[test]
fn every_tenant_sees_that_its_app_moved_to_the_successor_of_a_retired_plan() {
    let world = World::new();
    let (plan, successor) = (world.plan("old", PlanPrice::Paid), world.plan("new", PlanPrice::Paid));
    let apps = [world.lone_app("Acme"), world.lone_app("Other")];
    for app in &apps {
        world.change_plan(app, PlanAction::Assign(plan.id));
    }
    retire_plan(&world.operator(), plan.id, Some(successor.id), None).unwrap();
    for app in &apps {
        let event = newest(&world, app);
        assert_eq!(event.action, "app.assign_plan");
        let [change] = event.changes.as_slice() else { panic!("{event:?}") };
        assert_eq!(change.attribute, "plan");
        assert!(change.before.as_ref().unwrap().contains(&plan.id.to_string()));
        assert!(change.after.as_ref().unwrap().contains(&successor.id.to_string()));
    }
}

#[test]
fn every_tenant_sees_that_a_system_user_stops_its_app_and_lets_it_go_on() {
    let world = World::new();
    let user = world.user(UserKind::System, "svc");
    let apps = [world.lone_app("Acme"), world.lone_app("Other")];
    let bystander = world.lone_app("Bystander");
    let service_access = Some(ServiceAccess::AsUser(user.id));
    for app in &apps {
        world.update(app, &AppChanges { service_access, ..AppChanges::default() });
    }
    let untouched = newest(&world, &bystander);
    for (state, action, change) in [
        (UserState::Disabled, "app.stopped_by_user", "active→disabled"),
        (UserState::Active, "app.released_by_user", "disabled→active"),
    ] {
        switch_user(&world.operator(), user.id, state, None).unwrap();
        for app in &apps {
            let expected = [format!("system_user_id →{}", user.id), format!("system_user_state {change}")];
            check(&world, app, action, &expected);
        }
    }
    assert_eq!(newest(&world, &bystander), untouched);
}

#[test]
fn an_import_that_disables_a_system_user_tells_the_tenants_too() {
    let world = World::new();
    let user = world.user(UserKind::System, "svc");
    let app = world.lone_app("Acme");
    let service_access = Some(ServiceAccess::AsUser(user.id));
    world.update(&app, &AppChanges { service_access, ..AppChanges::default() });
    let shown = &user.display_name;
    let user =
        format!(r#"{{"name": "svc", "display_name": "{shown}", "kind": "system", "state": "disabled"}}"#);
    let document = format!(r#"{{"turnkeep": 1, "users": [{user}]}}"#);
    let report = import_document(&world.operator(), &document, &applying()).unwrap();
    assert!(report.applied, "{report:?}");
    assert_eq!(newest(&world, &app).action, "app.stopped_by_user");
    let attributes: Vec<_> = report.records[0].changes.iter().map(|change| change.attribute).collect();
    assert_eq!(attributes, ["state", "apps_stopped"], "the report is about the records of the document");
}

#[test]
fn a_deleted_scope_leaves_every_app_and_does_not_come_back_with_its_name() {
    let world = World::new();
    let (api, update) = (world.api(), ScopeName::parse("update").unwrap());
    let both = world.app_with_scopes(&world.tenant("Acme"), "Both", "read update");
    let only = world.app_with_scopes(&world.tenant("Other"), "Only", "update");
    let bystander = world.app_with_scopes(&world.tenant("Third"), "Third", "read");
    let untouched = record(&world, &bystander);
    let token = world.token(&both);
    let before = record(&world, &both);
    delete_scope(&world.operator(), api.id, &update).unwrap();
    assert!(!world.is_active(&token), "it had the scope");
    assert_eq!(record(&world, &both).settings.scopes.to_string(), "read");
    assert_eq!(record(&world, &both).version, before.version.next());
    assert_eq!(record(&world, &only).settings.scopes.to_string(), "");
    assert_eq!(record(&world, &bystander), untouched);
    check(&world, &both, "app.scope_removed", &["scopes read update→read".to_owned()]);
    check(&world, &only, "app.scope_removed", &["scopes update→".to_owned()]);
    world.scope(api.id, "update", ScopeGrant::AnyApp);
    assert_eq!(world.issue(&both).unwrap().scopes.to_string(), "read");
    world.issue(&only).unwrap_err();
}

#[test]
fn more_apps_than_a_page_holds_lose_a_deleted_scope() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let first = world.app_with_scopes(&tenant, "First", "read update");
    let template = record(&world, &first);
    for number in 0..210_u32 {
        let mut random = *b"manyapps00";
        random[..4].copy_from_slice(&number.to_be_bytes());
        let app = App {
            id: AppId::new(world.authority.now(), random),
            client_id: ClientId::parse(&format!("many-{number}")).unwrap(),
            settings: AppSettings { name: name(&format!("Many {number}")), ..template.settings.clone() },
            ..template.clone()
        };
        world.store.mutate(|writes| writes.insert_app(&app)).map(drop).unwrap();
    }
    delete_scope(&world.operator(), world.api().id, &ScopeName::parse("update").unwrap()).unwrap();
    assert_eq!(world.events("app.scope_removed").len(), 211);
}
