//! Usage in Document Units: who reports it, what counts, and who sees what of it.

mod purge;
mod report;
mod scope_for_all;
mod show;
mod tenant;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::AppId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEventId, UsedUnits};
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::judge_usage::UsageJudgement;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::manage_resource::add_resource_server;
use turnkeep_service::tokens::authenticate_bearer::{Caller, METER_SCOPE, Reach};
use turnkeep_service::usage::report_usage::{ReportOutcome, ReportedEvent, report_usage};

use crate::world::{TestApp, World};

/// A world with a resource server of `TrueParser.API`, and an app that uses it.
#[derive(Clone)]
struct Metered {
    world: World,
    tenant: Tenant,
    app: TestApp,
    meter: TestApp,
}

impl Metered {
    fn new() -> Self {
        Self::in_world(World::new())
    }

    fn in_world(world: World) -> Self {
        let (tenant, platform) = (world.tenant("Acme"), world.tenant("TrueParser"));
        let app = world.app_with_scopes(&tenant, "Invoices", "read");
        let meter = world.app_with_scopes(&platform, "Parser", METER_SCOPE);
        add_resource_server(&world.operator(), world.api().id, meter.id).unwrap();
        Self { world, tenant, app, meter }
    }

    /// What an authenticated app is to a use case.
    fn context_of(&self, app: &TestApp) -> RegistryContext<'_> {
        let caller = Caller::new(Actor::App(app.id), Reach::Nowhere);
        RegistryContext { caller, ..self.world.operator() }
    }

    fn report(&self, events: &[ReportedEvent]) -> ReportOutcome {
        report_usage(&self.context_of(&self.meter), events).unwrap()
    }
}

/// So many units of an app, now.
fn event(app: &TestApp, id: &str, units: u64) -> ReportedEvent {
    event_at(app.id, id, units, None)
}

fn event_at(app_id: AppId, id: &str, units: u64, occurred_at: Option<Timestamp>) -> ReportedEvent {
    ReportedEvent {
        id: UsageEventId::parse(id).unwrap(),
        app_id: Some(app_id),
        units: UsedUnits::new(units).unwrap(),
        occurred_at,
    }
}

fn used(judgement: &UsageJudgement) -> [u64; UsageWindow::ALL.len()] {
    judgement.windows.map(|one| one.used)
}
