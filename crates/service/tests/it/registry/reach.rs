//! How far callers reach: other tenants' records are absent, and readers write nothing.

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::id::{AppId, SecretId, TenantId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::UserKind;
use turnkeep_policy::permission::Permission;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::create_app::{CreateAppCommand, create_app};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::find_app::{find_app, list_apps};
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_plan::{find_plan, list_plans};
use turnkeep_service::registry::manage_region::list_regions;
use turnkeep_service::registry::manage_resource::list_resources;
use turnkeep_service::registry::manage_tenant::{find_tenant, list_tenants};
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_testkit::fixtures::name;

use crate::world::{TestApp, World, denial};

fn overlap() -> Overlap {
    Overlap::from_secs(60).unwrap()
}

/// The denial of an attempt, whatever it would have returned.
fn told<T>(attempt: RegistryResult<T>) -> Option<RegistryDenial> {
    match attempt {
        Ok(_) => None,
        Err(Failure::Denied(denial)) => Some(denial),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}

/// Everything that can be done to an app by its owner, writes first.
fn owner_writes(
    context: &RegistryContext<'_>,
    app: AppId,
    secret: SecretId,
) -> Vec<(&'static str, Option<RegistryDenial>)> {
    vec![
        ("update", told(update_app(context, app, &AppChanges::default(), None))),
        ("switch", told(switch_app(context, app, AppState::Disabled, None))),
        ("add secret", told(add_secret(context, app, overlap(), None))),
        ("regenerate", told(regenerate_secret(context, app, None))),
        ("revoke secret", told(revoke_secret(context, app, secret, None))),
        ("delete", told(delete_app(context, app, None))),
    ]
}

fn owner_reads(context: &RegistryContext<'_>, app: AppId) -> Vec<(&'static str, Option<RegistryDenial>)> {
    vec![
        ("find", told(find_app(context, app))),
        ("list secrets", told(list_secrets(context, app))),
        ("explain", told(explain_app(context, app))),
    ]
}

fn secret_of(world: &World, app: &TestApp) -> SecretId {
    list_secrets(&world.operator(), app.id).unwrap()[0].id
}

#[test]
fn another_tenants_app_is_absent_and_untouched() {
    let world = World::new();
    let (acme, app) = (world.tenant("Acme"), world.lone_app("Other"));
    let secret = secret_of(&world, &app);
    let before = world.record(app.id);
    let context = world.tenant_caller(acme.id, Role::Developer);
    let absent = AppId::from_bytes([9; 16]);
    for id in [app.id, absent] {
        for (what, told) in owner_writes(&context, id, secret).into_iter().chain(owner_reads(&context, id)) {
            assert_eq!(told, Some(RegistryDenial::NotFound), "{what}");
        }
    }
    assert_eq!(world.record(app.id), before);
    world.token(&app);
    assert!(list_apps(&context, None, &Default::default(), &Page::first(9)).unwrap().is_empty());
    assert_eq!(
        denial(list_apps(&context, Some(app.tenant_id), &Default::default(), &Page::first(9))),
        RegistryDenial::NotFound
    );
    let elsewhere = CreateAppCommand { tenant_id: Some(app.tenant_id), ..world.command(&acme, "App") };
    assert_eq!(denial(create_app(&context, &elsewhere)), RegistryDenial::NotFound);
    assert_eq!(denial(find_tenant(&context, app.tenant_id)), RegistryDenial::NotFound);
    let tenants = list_tenants(&context, &Default::default(), &Page::first(9)).unwrap();
    assert_eq!(tenants.iter().map(|tenant| tenant.id).collect::<Vec<_>>(), [acme.id]);
}

#[test]
fn an_app_of_another_instance_is_absent_even_for_operators() {
    let world = World::new();
    let other = world.instance("acme");
    let app = other.lone_app("Acme");
    let secret = secret_of(&other, &app);
    let context = world.operator();
    for (what, told) in
        owner_writes(&context, app.id, secret).into_iter().chain(owner_reads(&context, app.id))
    {
        assert_eq!(told, Some(RegistryDenial::NotFound), "{what}");
    }
    other.token(&app);
    let from_there = world.tenant_caller(app.tenant_id, Role::Developer);
    assert_eq!(denial(find_app(&from_there, app.id)), RegistryDenial::NotFound);
}

#[test]
fn a_tenant_does_with_its_own_apps_as_it_likes() {
    let world = World::new();
    let acme = world.tenant("Acme");
    let context = world.tenant_caller(acme.id, Role::Developer);
    let command = CreateAppCommand { tenant_id: None, ..world.command(&acme, "App") };
    let app = create_app(&context, &command).unwrap().app;
    assert_eq!(app.tenant_id, acme.id);
    let secret = list_secrets(&context, app.id).unwrap()[0].id;
    for (what, told) in owner_reads(&context, app.id) {
        assert_eq!(told, None, "{what}");
    }
    for (what, told) in owner_writes(&context, app.id, secret) {
        assert_eq!(told, None, "{what}");
    }
}

#[test]
fn a_reader_reads_and_writes_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let secret = secret_of(&world, &app);
    let before = world.record(app.id);
    let context = world.tenant_caller(app.tenant_id, Role::Auditor);
    for (what, told) in owner_reads(&context, app.id) {
        assert_eq!(told, None, "{what}");
    }
    for (what, told) in owner_writes(&context, app.id, secret) {
        assert!(matches!(told, Some(RegistryDenial::Forbidden(_))), "{what}: {told:?}");
    }
    let tenant = find_tenant(&context, app.tenant_id).unwrap();
    let command = CreateAppCommand { tenant_id: None, ..world.command(&tenant, "App") };
    assert_eq!(denial(create_app(&context, &command)), RegistryDenial::Forbidden(Permission::ManageApps));
    assert_eq!(world.record(app.id), before);
    world.token(&app);
}

#[test]
fn a_tenant_cannot_have_its_app_act_as_a_system_user() {
    let world = World::new();
    let theirs = world.user(UserKind::System, "svc-of-somebody-else");
    let app = world.lone_app("Acme");
    let context = world.tenant_caller(app.tenant_id, Role::Developer);
    let service_access = Some(ServiceAccess::AsUser(theirs.id));
    let changes = AppChanges { service_access, ..AppChanges::default() };
    let forbidden = RegistryDenial::Forbidden(Permission::Operate);
    assert_eq!(denial(update_app(&context, app.id, &changes, None)), forbidden);
    let mut command = world.command(&find_tenant(&context, app.tenant_id).unwrap(), "Other");
    command.settings.service_access = ServiceAccess::AsUser(theirs.id);
    assert_eq!(denial(create_app(&context, &command)), forbidden);
    world.update(&app, &changes);
    let rename = AppChanges { name: Some(name("Renamed")), ..AppChanges::default() };
    update_app(&context, app.id, &rename, None).unwrap();
    update_app(&context, app.id, &changes, None).unwrap();
}

#[test]
fn a_tenant_cannot_let_its_app_do_without_pkce() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let context = world.tenant_caller(app.tenant_id, Role::Owner);
    let lift = AppChanges { pkce: Some(PkceRequirement::Optional), ..AppChanges::default() };
    let forbidden = RegistryDenial::Forbidden(Permission::Operate);
    assert_eq!(denial(update_app(&context, app.id, &lift, None)), forbidden);
    let mut command = world.command(&find_tenant(&context, app.tenant_id).unwrap(), "Other");
    command.settings.pkce = PkceRequirement::Optional;
    assert_eq!(denial(create_app(&context, &command)), forbidden);
    world.update(&app, &lift);
    // What an operator has lifted stays lifted when the tenant changes something else, and the tenant can end it.
    let rename = AppChanges { name: Some(name("Renamed")), ..lift };
    assert_eq!(
        update_app(&context, app.id, &rename, None).unwrap().app.settings.pkce,
        PkceRequirement::Optional
    );
    let require = AppChanges { pkce: Some(PkceRequirement::Required), ..AppChanges::default() };
    update_app(&context, app.id, &require, None).unwrap();
    assert_eq!(denial(update_app(&context, app.id, &rename, None)), forbidden);
}

#[test]
fn tenants_read_what_they_choose_among_but_no_drafts() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let draft = world.draft_plan("draft", PlanPrice::Paid);
    let active = world.plan("pro", PlanPrice::Paid);
    let context = world.tenant_caller(app.tenant_id, Role::Auditor);
    assert_eq!(list_plans(&context).unwrap(), [active]);
    assert_eq!(denial(find_plan(&context, draft.id)), RegistryDenial::NotFound);
    assert_eq!(list_plans(&world.operator()).unwrap().len(), 2);
    assert_eq!(list_regions(&context).unwrap().len(), 1);
    assert_eq!(list_resources(&context).unwrap().len(), 2);
    assert_eq!(denial(find_tenant(&context, TenantId::from_bytes([9; 16]))), RegistryDenial::NotFound);
}
