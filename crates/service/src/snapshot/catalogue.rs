//! What all apps of an instance have in common.

use std::collections::HashMap;

use turnkeep_domain::app::App;
use turnkeep_domain::id::{AppId, InstanceId, PlanId};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::resource::{Audience, Resource, Scope};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_policy::decide_token_scope::ScopeRequest;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

/// An instance with its plans, resources and scopes.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) instance: Instance,
    pub(crate) resources: Vec<Resource>,
    pub(crate) scopes: Vec<Scope>,
    plans: HashMap<PlanId, Plan>,
    /// For each resource the apps that serve it.
    servers: Vec<(Audience, Vec<AppId>)>,
}

impl Catalogue {
    /// Reads everything.
    pub(crate) fn read(reads: &mut dyn Reads, instance: Instance) -> StoreResult<Self> {
        let id: InstanceId = instance.id;
        let resources = reads.list_resources(id)?;
        let mut servers = Vec::with_capacity(resources.len());
        for resource in &resources {
            servers.push((resource.audience.clone(), reads.list_resource_servers(id, resource.id)?));
        }
        let plans = reads.list_plans(id)?.into_iter().map(|plan| (plan.id, plan)).collect();
        Ok(Self { scopes: reads.list_scopes(id)?, instance, resources, plans, servers })
    }

    /// The plan of an app.
    pub(crate) fn plan_of(&self, app: &App) -> Option<&Plan> {
        app.plan.and_then(|assignment| self.plans.get(&assignment.plan_id))
    }

    /// What is asked for, of what there is to ask for.
    pub(crate) fn scope_request<'a>(
        &'a self,
        scopes: Option<&'a ScopeSet>,
        audience: Option<&'a Audience>,
    ) -> ScopeRequest<'a> {
        ScopeRequest { scopes, audience, known_resources: &self.resources, known_scopes: &self.scopes }
    }

    /// Whether an app may introspect every token for this audience.
    pub(crate) fn is_resource_server(&self, audience: &Audience, app_id: AppId) -> bool {
        self.servers.iter().any(|(served, apps)| served == audience && apps.contains(&app_id))
    }
}
