//! Verbs of the registry, as the operator uses them.

use sha2::{Digest, Sha256};
use turnkeep_domain::accent::Accent;
use turnkeep_domain::app::{App, AppSettings, AppState};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::{AppId, PlanId, ResourceId, TenantId};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::region::{DbCode, Region, RegionDatabase};
use turnkeep_domain::resource::{Audience, LimitsClaims, Resource, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::{AppLimit, Tenant};
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::user::{User, UserKind, UserName};
use turnkeep_secret::digest::SecretRecord;
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::manage_plan::{PlanStep, step_plan};
use turnkeep_service::registry::manage_region::list_region_databases;
use turnkeep_service::registry::manage_resource::list_resources;
use turnkeep_service::registry::manage_tenant::{TenantStep, step_tenant};
use turnkeep_service::registry::manage_user::{CreateUserCommand, create_user};
use turnkeep_service::registry::retire_plan::retire_plan;
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};
use turnkeep_storage::outcome::Inserted;
use turnkeep_testkit::fixtures::{self, name, slug};

use super::{TestApp, World};

/// The one resource of a furnished world.
pub(crate) const API: &str = "TrueParser.API";

/// Settings of an app that acts as itself.
pub(crate) fn settings(text: &str) -> AppSettings {
    AppSettings { name: name(text), ..fixtures::app_settings(1) }
}

impl World {
    /// Somebody who may do everything, everywhere.
    pub(crate) fn operator(&self) -> RegistryContext<'_> {
        self.context(Caller::COMMAND_LINE.reach)
    }

    /// A caller from a tenant.
    pub(crate) fn tenant_caller(&self, tenant_id: TenantId, role: Role) -> RegistryContext<'_> {
        self.context(Reach::Tenant { tenant_id, role })
    }

    /// A caller that reaches this far.
    pub(crate) fn context(&self, reach: Reach) -> RegistryContext<'_> {
        RegistryContext {
            authority: &self.authority,
            instance_id: self.instance_id,
            caller: Caller::new(Caller::COMMAND_LINE.actor, reach),
            request_id: None,
            idempotency: None,
        }
    }

    /// A region `eu-west` with the database `EU-1`, and the resource `TrueParser.API` with the scopes
    /// `TrueParser.API` (default), `read` and `update`.
    pub(crate) fn furnish(&self) {
        let region = self.region("eu-west");
        self.database(&region, "EU-1", 100);
        let api = self.resource(API, LimitsClaims::Both, SigningAlgorithm::Es256);
        self.scope(api.id, API, ScopeGrant::Default);
        self.scope(api.id, "read", ScopeGrant::AnyApp);
        self.scope(api.id, "update", ScopeGrant::AnyApp);
    }

    /// A further instance of the same server, as empty as the first one was.
    pub(crate) fn bare_instance(&self, text: &str) -> Self {
        let command = CreateInstanceCommand { slug: slug(text), name: name(text), accent: Accent::default() };
        let Instance { id, slug, .. } = create_instance(&self.operator(), &command).unwrap();
        Self { slug, instance_id: id, ..self.clone() }
    }

    /// A further instance of the same server, furnished.
    pub(crate) fn instance(&self, text: &str) -> Self {
        let world = self.bare_instance(text);
        world.furnish();
        world
    }

    pub(crate) fn region(&self, code: &str) -> Region {
        let command = CreateRegionCommand { code: slug(code), name: name(code) };
        create_region(&self.operator(), &command).unwrap()
    }

    pub(crate) fn database(&self, region: &Region, db_code: &str, capacity: u32) -> RegionDatabase {
        let db_code = DbCode::parse(db_code).unwrap();
        let command = CreateRegionDatabaseCommand { region_id: region.id, db_code, capacity };
        create_region_database(&self.operator(), &command).unwrap()
    }

    /// How many apps each database of a region has.
    pub(crate) fn app_counts(&self, code: &str) -> Vec<u32> {
        let region = self.store.read(|reads| reads.find_region_by_code(self.instance_id, &slug(code)));
        let databases = list_region_databases(&self.operator(), region.unwrap().unwrap().id).unwrap();
        databases.iter().map(|database| database.app_count).collect()
    }

    pub(crate) fn resource(
        &self,
        audience: &str,
        limits_claims: LimitsClaims,
        signing_algorithm: SigningAlgorithm,
    ) -> Resource {
        let command = CreateResourceCommand {
            audience: Audience::parse(audience).unwrap(),
            name: name(audience),
            limits_claims,
            signing_algorithm,
        };
        create_resource(&self.operator(), &command).unwrap()
    }

    /// The resource of a furnished world.
    pub(crate) fn api(&self) -> Resource {
        let resources = list_resources(&self.operator()).unwrap();
        resources.into_iter().find(|resource| resource.audience.as_str() == API).unwrap()
    }

    pub(crate) fn scope(&self, resource_id: ResourceId, text: &str, grant: ScopeGrant) {
        let name = ScopeName::parse(text).unwrap();
        let command = CreateScopeCommand { resource_id, name, description: String::new(), grant };
        create_scope(&self.operator(), &command).unwrap();
    }

    pub(crate) fn draft_plan(&self, code: &str, price: PlanPrice) -> Plan {
        let limits = fixtures::plan(&fixtures::instance(1), 1).limits;
        let token_requests = TokenRequestLimits::default();
        let command = CreatePlanCommand { code: slug(code), name: name(code), price, limits, token_requests };
        create_plan(&self.operator(), &command).unwrap()
    }

    /// An active plan: 100, 250, 500 and 1,000 Document Units, 10 requests per minute.
    pub(crate) fn plan(&self, code: &str, price: PlanPrice) -> Plan {
        let plan = self.draft_plan(code, price);
        self.step_plan(plan.id, PlanStep::Activate)
    }

    pub(crate) fn step_plan(&self, id: PlanId, step: PlanStep) -> Plan {
        step_plan(&self.operator(), id, step, None).unwrap()
    }

    pub(crate) fn retire_plan(&self, id: PlanId) -> Plan {
        retire_plan(&self.operator(), id, None, None).unwrap().plan
    }

    pub(crate) fn change_plan(&self, app: &TestApp, action: PlanAction) {
        change_plan(&self.operator(), app.id, action, None).unwrap();
    }

    pub(crate) fn pending_tenant(&self, text: &str) -> Tenant {
        let command = CreateTenantCommand { name: name(text), app_limit: AppLimit::DEFAULT };
        create_tenant(&self.operator(), &command).unwrap()
    }

    pub(crate) fn tenant(&self, text: &str) -> Tenant {
        let tenant = self.pending_tenant(text);
        self.step_tenant(tenant.id, TenantStep::Activate)
    }

    pub(crate) fn step_tenant(&self, id: TenantId, step: TenantStep) -> Tenant {
        step_tenant(&self.operator(), id, step, None).unwrap()
    }

    pub(crate) fn user(&self, kind: UserKind, text: &str) -> User {
        let user_name = UserName::parse(text).unwrap();
        let command = CreateUserCommand { kind, name: user_name, display_name: name(text), email: None };
        create_user(&self.operator(), &command).unwrap()
    }

    /// A confidential app in `eu-west` with the default scopes.
    pub(crate) fn command(&self, tenant: &Tenant, text: &str) -> CreateAppCommand {
        CreateAppCommand {
            tenant_id: Some(tenant.id),
            region: RegionChoice::Code(slug("eu-west")),
            client_id: None,
            client_type: ClientType::Confidential,
            settings: settings(text),
            scopes: None,
            plan_id: None,
        }
    }

    pub(crate) fn create(&self, command: &CreateAppCommand) -> TestApp {
        let created = create_app(&self.operator(), command).unwrap();
        TestApp {
            id: created.app.id,
            tenant_id: created.app.tenant_id,
            client_id: created.app.client_id.to_string(),
            secret: created.client_secret.map(|secret| secret.expose().to_owned()),
        }
    }

    /// An app as in [`World::command`].
    pub(crate) fn app(&self, tenant: &Tenant, text: &str) -> TestApp {
        self.create(&self.command(tenant, text))
    }

    /// An app that is registered for these scopes.
    pub(crate) fn app_with_scopes(&self, tenant: &Tenant, text: &str, scopes: &str) -> TestApp {
        let scopes = Some(fixtures::scopes(scopes));
        self.create(&CreateAppCommand { scopes, ..self.command(tenant, text) })
    }

    /// A tenant of its own with one app in it.
    pub(crate) fn lone_app(&self, text: &str) -> TestApp {
        self.app(&self.tenant(text), text)
    }

    pub(crate) fn switch(&self, app: &TestApp, state: AppState) {
        switch_app(&self.operator(), app.id, state, None).unwrap();
    }

    pub(crate) fn update(&self, app: &TestApp, changes: &AppChanges) {
        update_app(&self.operator(), app.id, changes, None).unwrap();
    }

    /// The stored record.
    pub(crate) fn record(&self, id: AppId) -> Option<App> {
        self.store
            .read(|reads| match reads.find_tenant_of_app(self.instance_id, id)? {
                Some(tenant_id) => reads.find_app(self.instance_id, tenant_id, id),
                None => Ok(None),
            })
            .unwrap()
    }

    /// Stores an app as an import would, past the rules of creation, with the secret of `like`.
    pub(crate) fn import_variant(
        &self,
        like: &TestApp,
        text: &str,
        change: impl FnOnce(&mut App),
    ) -> TestApp {
        let template = self.record(like.id).unwrap();
        let mut app = App {
            id: AppId::new(self.authority.now(), *b"imported00"),
            client_id: ClientId::parse(text).unwrap(),
            settings: settings(text),
            ..template.clone()
        };
        app.settings.scopes = template.settings.scopes;
        change(&mut app);
        let mut stored = fixtures::stored_secret(&app, 1);
        stored.digest.record = sha256_record(like.secret.as_deref().unwrap());
        stored.digest.mac = None;
        self.store
            .mutate(|writes| {
                assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
                writes.insert_secret(app.tenant_id, &stored)
            })
            .unwrap();
        TestApp { id: app.id, client_id: text.to_owned(), ..like.clone() }
    }
}

/// What seed 002 stores of a secret.
pub(crate) fn sha256_record(secret: &str) -> SecretRecord {
    SecretRecord::ImportedSha256(Sha256::digest(secret.as_bytes()).into())
}
