//! Everything stored that a decision about an app depends on, as of one moment.

use turnkeep_domain::app::App;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AppId, PlanId, TenantId, UserId};
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_token::{AppFacts, Authentication, TokenFacts};
use turnkeep_policy::decide_token_scope::ScopeRequest;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Reads;

use crate::tokens::decoys::Decoys;

/// An id that no record has: looked up where there is not even a decoy, so that it costs the same queries.
const NOBODY: [u8; 16] = [0; 16];

/// An instance, its scopes, and the app in question if there is one.
pub(crate) struct Registration {
    pub(crate) instance: Instance,
    pub(crate) app: Option<RegisteredApp>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) scopes: Vec<Scope>,
    /// The change that all of this is as of.
    pub(crate) sequence: ChangeSequence,
}

/// An app with what surrounds it.
pub(crate) struct RegisteredApp {
    pub(crate) app: App,
    pub(crate) tenant: Tenant,
    pub(crate) plan: Option<Plan>,
    pub(crate) system_user: Option<User>,
    pub(crate) secrets: Vec<StoredSecret>,
}

impl Registration {
    /// By what a client presents. `None` if the issuer is unknown or off.
    pub(crate) fn of_client(
        reads: &mut dyn Reads,
        decoys: &Decoys,
        issuer: &Slug,
        client_id: &str,
    ) -> StoreResult<Option<Self>> {
        let Some(instance) = active_instance(reads, issuer)? else {
            return Ok(None);
        };
        let found = match ClientId::parse(client_id) {
            Ok(client_id) => reads.find_app_by_client_id(instance.id, &client_id)?,
            Err(_) => None,
        };
        if let Some(app) = found {
            decoys.remember(instance.id, &app.client_id);
            return Self::around(reads, instance, Some(app)).map(Some);
        }
        let decoy = match decoys.of(instance.id) {
            Some(client_id) => reads.find_app_by_client_id(instance.id, &client_id)?,
            None => None,
        };
        if decoy.is_none() {
            decoys.forget(instance.id);
        }
        let around_decoy = Self::around(reads, instance, decoy)?;
        Ok(Some(Self { app: None, ..around_decoy }))
    }

    /// By the ids that a verified token carries. `None` if the issuer is unknown or off.
    pub(crate) fn of_app(
        reads: &mut dyn Reads,
        issuer: &Slug,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Option<Self>> {
        let Some(instance) = active_instance(reads, issuer)? else {
            return Ok(None);
        };
        let app = reads.find_app(instance.id, tenant_id, app_id)?;
        Self::around(reads, instance, app).map(Some)
    }

    /// Around an app that was found already.
    pub(crate) fn around(reads: &mut dyn Reads, instance: Instance, app: Option<App>) -> StoreResult<Self> {
        let nobody = (TenantId::from_bytes(NOBODY), AppId::from_bytes(NOBODY));
        let (tenant_id, app_id) = app.as_ref().map_or(nobody, |app| (app.tenant_id, app.id));
        let plan_id = app.as_ref().and_then(|app| app.plan).map(|assignment| assignment.plan_id);
        let user_id = app.as_ref().and_then(|app| match app.settings.service_access {
            ServiceAccess::AsUser(user_id) => Some(user_id),
            ServiceAccess::Disabled | ServiceAccess::AsApp => None,
        });
        let tenant = reads.find_tenant(instance.id, tenant_id)?;
        let plan = reads.find_plan(instance.id, plan_id.unwrap_or(PlanId::from_bytes(NOBODY)))?;
        let system_user = reads.find_user(instance.id, user_id.unwrap_or(UserId::from_bytes(NOBODY)))?;
        let secrets = reads.list_secrets(tenant_id, app_id)?;
        let app = match (app, tenant) {
            (Some(app), Some(tenant)) => Some(RegisteredApp { app, tenant, plan, system_user, secrets }),
            (Some(_), None) => return Err(StoreError::Corrupt { table: "apps", column: "tenant_id" }),
            (None, _) => None,
        };
        Ok(Self {
            resources: reads.list_resources(instance.id)?,
            scopes: reads.list_scopes(instance.id)?,
            sequence: reads.change_sequence()?,
            instance,
            app,
        })
    }

    pub(crate) fn app_facts(&self) -> Option<AppFacts<'_>> {
        self.app.as_ref().map(|registered| AppFacts {
            app: &registered.app,
            tenant_state: registered.tenant.state,
            tenant_state_since: registered.tenant.state_since,
            instance_state: self.instance.state,
            instance_state_since: self.instance.state_since,
            plan: registered.plan.as_ref(),
            system_user: registered.system_user.as_ref(),
        })
    }

    pub(crate) fn token_facts<'a>(
        &'a self,
        authentication: Authentication,
        scopes: Option<&'a ScopeSet>,
        audience: Option<&'a Audience>,
    ) -> TokenFacts<'a> {
        TokenFacts {
            app: self.app_facts(),
            authentication,
            scope_request: ScopeRequest {
                scopes,
                audience,
                known_resources: &self.resources,
                known_scopes: &self.scopes,
            },
        }
    }
}

fn active_instance(reads: &mut dyn Reads, issuer: &Slug) -> StoreResult<Option<Instance>> {
    let instance = reads.find_instance_by_slug(issuer)?;
    Ok(instance.filter(|instance| instance.state == InstanceState::Active))
}
