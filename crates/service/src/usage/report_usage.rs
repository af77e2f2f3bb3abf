//! A resource server reports what apps have used. It changes nobody's access, so it waits for no change of the registry
//! and no other node, and leaves no audit event.

use std::collections::{HashMap, HashSet};

use turnkeep_domain::app::App;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{AppId, ResourceId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsageEventId, UsedUnits};
use turnkeep_policy::decide_usage_event::{
    Repetition, UsageEventDenial, decide_usage_event, judge_repetition, uses_served,
};
use turnkeep_policy::judge_usage::judge_usage;
use turnkeep_storage::usage::{RecordedUsage, UsageReport};

use crate::failure::{Failure, Fault};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::snapshot::catalogue::Catalogue;
use crate::snapshot::look_up::LookUp;
use crate::usage::show_usage::AppUsage;

/// An event as a resource server reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedEvent {
    /// What the reporter calls it.
    pub id: UsageEventId,
    /// The app; `None` for what is no id of any app.
    pub app_id: Option<AppId>,
    /// How much it used.
    pub units: UsedUnits,
    /// When; `None` for now.
    pub occurred_at: Option<Timestamp>,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportOutcome {
    /// How many events count from now on.
    pub counted: u32,
    /// How many had been reported before.
    pub duplicates: u32,
    /// Those that do not count, and why, in the order of the report.
    pub refused: Vec<(UsageEventId, UsageEventDenial)>,
    /// The usage of every app with an event that counts, now or before, in the order of their ids.
    pub apps: Vec<AppUsage>,
}

/// Counts the events of a report, each exactly once however often it is reported. Who calls was authenticated as an app
/// that may report usage; about whom it may is decided here.
pub fn report_usage(
    context: &RegistryContext<'_>,
    events: &[ReportedEvent],
) -> RegistryResult<ReportOutcome> {
    let authority = context.authority;
    let Actor::App(reporter_id) = context.caller.actor else {
        return Err(RegistryDenial::NotFound.into());
    };
    authority.in_step(LookUp::Anywhere)?;
    let now = authority.now();
    let named: HashSet<AppId> = events.iter().filter_map(|event| event.app_id).collect();
    let named: Vec<AppId> = named.into_iter().collect();
    let (instance, apps) = authority.store.read(|reads| {
        let instance = reads.find_instance(context.instance_id)?;
        Ok((instance, reads.list_reported_apps(context.instance_id, &named)?))
    })?;
    let slug = instance.ok_or(RegistryDenial::NotFound)?.slug;
    let issuer = authority.snapshot.issuer(authority, &slug, LookUp::Anywhere)?;
    let issuer = issuer.ok_or(RegistryDenial::NotFound)?;
    let known = KnownApps::of(&issuer.catalogue, reporter_id, apps);
    let mut tally = Tally::default();
    let mut report =
        UsageReport { instance_id: context.instance_id, reporter_id, received_at: now, events: Vec::new() };
    let mut has_time = Vec::new();
    for event in events {
        match known.accept(event, now) {
            Ok(accepted) => {
                report.events.push(accepted);
                has_time.push(event.occurred_at.is_some());
            }
            Err(denial) => tally.refuse(&event.id, denial),
        }
    }
    if !report.events.is_empty() {
        let recorded = authority.store.keep_books(|books| books.record_usage(&report))?;
        for (((_, event), has_time), recorded) in report.events.iter().zip(has_time).zip(recorded) {
            tally.note(event, has_time, &recorded);
        }
    }
    tally.into_outcome(context, &issuer.catalogue, &known, now).map_err(Failure::Fault)
}

/// The apps of a report that the reporter may report about.
struct KnownApps(HashMap<AppId, App>);

impl KnownApps {
    fn of(catalogue: &Catalogue, reporter_id: AppId, named: Vec<App>) -> Self {
        let served = catalogue.resources.iter();
        let served = served.filter(|resource| catalogue.is_resource_server(&resource.audience, reporter_id));
        let served: Vec<ResourceId> = served.map(|resource| resource.id).collect();
        let uses = |app: &App| uses_served(&app.settings.scopes, &catalogue.scopes, &served);
        Self(named.into_iter().filter(uses).map(|app| (app.id, app)).collect())
    }

    fn accept(
        &self,
        event: &ReportedEvent,
        now: Timestamp,
    ) -> Result<(TenantId, UsageEvent), UsageEventDenial> {
        let app = event.app_id.and_then(|id| self.0.get(&id));
        let occurred_at = event.occurred_at.unwrap_or(now);
        decide_usage_event(occurred_at, app.is_some(), now)?;
        let app = app.ok_or(UsageEventDenial::UnknownApp)?;
        let accepted = UsageEvent { id: event.id.clone(), app_id: app.id, units: event.units, occurred_at };
        Ok((app.tenant_id, accepted))
    }
}

/// What is known of a report's events so far.
#[derive(Default)]
struct Tally {
    counted: u32,
    duplicates: u32,
    refused: Vec<(UsageEventId, UsageEventDenial)>,
    apps: HashSet<AppId>,
}

impl Tally {
    fn refuse(&mut self, id: &UsageEventId, denial: UsageEventDenial) {
        self.refused.push((id.clone(), denial));
    }

    fn note(&mut self, event: &UsageEvent, has_time: bool, recorded: &RecordedUsage) {
        match recorded {
            RecordedUsage::Counted => self.counted += 1,
            RecordedUsage::Known(first) => match judge_repetition(first, event, has_time) {
                Repetition::Duplicate => self.duplicates += 1,
                Repetition::Reused => return self.refuse(&event.id, UsageEventDenial::IdReused),
            },
        }
        self.apps.insert(event.app_id);
    }

    fn into_outcome(
        self,
        context: &RegistryContext<'_>,
        catalogue: &Catalogue,
        known: &KnownApps,
        now: Timestamp,
    ) -> Result<ReportOutcome, Fault> {
        let mut apps: Vec<&App> = self.apps.iter().filter_map(|id| known.0.get(id)).collect();
        apps.sort_by_key(|app| app.id);
        let named: Vec<(TenantId, AppId)> = apps.iter().map(|app| (app.tenant_id, app.id)).collect();
        let used = if named.is_empty() {
            HashMap::new()
        } else {
            context.authority.store.read(|reads| reads.used_by_apps(&named, now))?
        };
        let usage = apps.into_iter().map(|app| {
            let plan = catalogue.plan_of(app);
            let used = used.get(&app.id).copied().unwrap_or_default();
            AppUsage {
                app_id: app.id,
                plan: plan.map(|plan| plan.code.clone()),
                judgement: judge_usage(&used, plan.map(|plan| &plan.limits.document_units)),
                at: now,
            }
        });
        let apps = usage.collect();
        Ok(ReportOutcome { counted: self.counted, duplicates: self.duplicates, refused: self.refused, apps })
    }
}
