//! The usage of a tenant.

use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::Reach;
use turnkeep_service::usage::tenant_usage::{TenantUsage, usage_of_tenant};

use super::{Metered, event};
use crate::world::denial;

#[test]
fn a_tenant_sees_its_sums_and_who_is_nearest_to_a_limit() {
    let metered = Metered::new();
    let world = &metered.world;
    let plan = world.plan("pro", PlanPrice::Paid);
    let (busy, gone) = (&metered.app, world.app_with_scopes(&metered.tenant, "Gone", "read"));
    let limited = world.app_with_scopes(&metered.tenant, "Limited", "read");
    world.change_plan(&limited, PlanAction::Assign(plan.id));
    let neighbour = world.app_with_scopes(&world.tenant("Other"), "Other", "read");
    metered.report(&[
        event(busy, "1", 1_000),
        event(&limited, "2", 10),
        event(&gone, "3", 100),
        event(&neighbour, "4", 5_000),
    ]);
    delete_app(&world.operator(), gone.id, None).unwrap();
    let auditor = world.tenant_caller(metered.tenant.id, Role::Auditor);
    let usage = usage_of_tenant(&auditor, metered.tenant.id, 9).unwrap();
    assert_eq!(UsageWindow::ALL.map(|window| usage.used.of(window)), [1_110; 4], "the gone app included");
    let shown: Vec<_> = usage
        .apps
        .iter()
        .map(|named| (named.usage.app_id, named.name.as_ref().map(ToString::to_string)))
        .collect();
    let name = |text: &str| Some(text.to_owned());
    assert_eq!(shown, [(limited.id, name("Limited")), (busy.id, name("Invoices")), (gone.id, None)]);
    assert_eq!(usage.apps_with_usage, 3);
    // Who sees fewer apps sees the first of them, and the same sums.
    for most in 0..3 {
        let less = usage_of_tenant(&auditor, metered.tenant.id, most).unwrap();
        let apps = usage.apps.iter().take(most).cloned().collect();
        assert_eq!(less, TenantUsage { apps, ..usage.clone() });
    }
}

#[test]
fn only_who_reaches_a_tenant_sees_its_usage() {
    let metered = Metered::new();
    let world = &metered.world;
    let stranger = world.tenant("Stranger");
    let outsider = world.tenant_caller(stranger.id, Role::Owner);
    assert_eq!(denial(usage_of_tenant(&outsider, metered.tenant.id, 9)), RegistryDenial::NotFound);
    let absent = turnkeep_domain::id::TenantId::from_bytes([0; 16]);
    assert_eq!(denial(usage_of_tenant(&world.operator(), absent, 9)), RegistryDenial::NotFound);
    let refusal = denial(usage_of_tenant(&world.context(Reach::Nowhere), metered.tenant.id, 9));
    assert!(matches!(refusal, RegistryDenial::Forbidden(_)), "{refusal:?}");
    assert_eq!(usage_of_tenant(&world.operator(), metered.tenant.id, 9).unwrap().apps, []);
}
