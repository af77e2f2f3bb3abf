//! What the demo shows: a region with a database, two plans, a resource, a tenant and an app. Each is looked for
//! before it is made, so that a second demo goes on with the first one's records.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppSettings, BasicAuthentication};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::filter::{AppFilter, TenantFilter, UserFilter};
use turnkeep_domain::id::{AppId, PlanId, RegionId, TenantId};
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::page::Page;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::{AppLimit, TenantState};
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::user::UserState;
use turnkeep_embed::turnkeep::Turnkeep;
use turnkeep_policy::decide_token::CheckState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::first_start::OperatorCredentials;
use turnkeep_service::people::manage_operators::list_operators;
use turnkeep_service::registry::add_secret::regenerate_secret;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::find_app::list_apps;
use turnkeep_service::registry::manage_plan::{PlanStep, find_plan, list_plans, step_plan};
use turnkeep_service::registry::manage_region::{list_region_databases, list_regions};
use turnkeep_service::registry::manage_resource::list_resources;
use turnkeep_service::registry::manage_tenant::{TenantStep, find_tenant, list_tenants, step_tenant};
use turnkeep_service::registry::recover_operator::find_operator_app;
use turnkeep_service::sign_in::account_links::create_first_operator_link;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::AdmitAll;
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_service::tokens::presented_client::PresentedClient;

use crate::commands::operator::{command_line_context, told};
use crate::credentials_file;

/// How many operators are named.
const MOST_NAMED: u32 = 3;

/// An app's credentials, as the demo shows them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The app's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The client id.
    pub(crate) client_id: String,
    /// The secret.
    pub(crate) client_secret: String,
}

/// Everything that the demo tells.
pub(crate) struct DemoFacts {
    /// The operator's app.
    pub(crate) operator: Credentials,
    /// The demo's app.
    pub(crate) app: Credentials,
    /// The demo's tenant.
    pub(crate) tenant_id: String,
    /// The region.
    pub(crate) region_id: String,
    /// The code of its database.
    pub(crate) db_code: String,
    /// The free plan.
    pub(crate) free_plan_id: String,
    /// The other plan.
    pub(crate) pro_plan_id: String,
    /// How somebody gets into the dashboard.
    pub(crate) way_in: WayIn,
    /// Why the app gets no token, if somebody stopped it since the last demo.
    pub(crate) app_denied: Option<TokenDenial>,
}

/// How somebody gets into the dashboard.
pub(crate) enum WayIn {
    /// By a link, as the first operator.
    Link(PlaintextSecret),
    /// With the password of one of these operators.
    SignIn(Vec<String>),
}

/// What is kept between two demos: secrets are not in the database.
#[derive(Serialize, Deserialize)]
struct Kept {
    operator: Credentials,
    app: Option<Credentials>,
}

/// Finds or makes the demo's records; `kept` is the file with the credentials of the last demo.
pub(crate) fn ensure_demo(turnkeep: &Turnkeep, kept: &Path) -> anyhow::Result<DemoFacts> {
    let first = turnkeep.first_start().context("the first start failed")?;
    let before: Option<Kept> =
        std::fs::read_to_string(kept).ok().and_then(|text| serde_json::from_str(&text).ok());
    let demo = Demo::open(turnkeep.authority())?;
    let operator_link = first.as_ref().and_then(|credentials| credentials.first_operator_link.clone());
    let operator = demo.operator(first, before.as_ref().map(|kept| &kept.operator))?;
    // Kept at once: should anything fail from here on, the next demo still knows the operator.
    save(kept, &Kept { operator: operator.clone(), app: before.as_ref().and_then(|kept| kept.app.clone()) })?;
    demo.resource()?;
    let (region_id, db_code) = demo.region()?;
    let free_plan_id = demo.plan("free", "Free", PlanPrice::Free, [10, 50, 100, 200], 2)?;
    let pro_plan_id = demo.plan("pro", "Pro", PlanPrice::Paid, [100, 250, 500, 1_000], 10)?;
    let tenant_id = demo.tenant()?;
    let kept_app = before.as_ref().and_then(|kept| kept.app.as_ref());
    let (app, app_denied) = demo.app(tenant_id, region_id, pro_plan_id, kept_app)?;
    save(kept, &Kept { operator: operator.clone(), app: Some(app.clone()) })?;
    Ok(DemoFacts {
        operator,
        app,
        tenant_id: tenant_id.to_string(),
        region_id: region_id.to_string(),
        db_code: db_code.to_string(),
        free_plan_id: free_plan_id.to_string(),
        pro_plan_id: pro_plan_id.to_string(),
        way_in: demo.way_in(operator_link)?,
        app_denied,
    })
}

fn save(path: &Path, kept: &Kept) -> anyhow::Result<()> {
    credentials_file::replace(
        path,
        &serde_json::to_string_pretty(kept).context("credentials cannot be written")?,
    )
}

struct Demo<'a> {
    context: RegistryContext<'a>,
    issuer: Slug,
}

impl<'a> Demo<'a> {
    fn open(authority: &'a Authority) -> anyhow::Result<Self> {
        Ok(Self { context: command_line_context(authority)?, issuer: Slug::parse(DEFAULT_INSTANCE)? })
    }

    /// Each demo makes a link until somebody has used one.
    fn way_in(&self, first: Option<PlaintextSecret>) -> anyhow::Result<WayIn> {
        if let Some(link) = first {
            return Ok(WayIn::Link(link));
        }
        if let Some(link) = told(create_first_operator_link(&self.context))? {
            return Ok(WayIn::Link(link.url));
        }
        let active = UserFilter { state: Some(UserState::Active), ..UserFilter::default() };
        let operators = told(list_operators(&self.context, &active, &Page::by_name(MOST_NAMED)))?;
        Ok(WayIn::SignIn(operators.into_iter().map(|operator| operator.user.name.to_string()).collect()))
    }

    fn operator(
        &self,
        first: Option<OperatorCredentials>,
        kept: Option<&Credentials>,
    ) -> anyhow::Result<Credentials> {
        if let Some(credentials) = first {
            return Ok(Credentials {
                id: None,
                client_id: credentials.client_id.to_string(),
                client_secret: credentials.client_secret.expose().to_owned(),
            });
        }
        let app = told(find_operator_app(&self.context))?;
        Ok(Credentials { id: None, ..self.working_credentials(&app, kept)? })
    }

    fn app(
        &self,
        tenant_id: TenantId,
        region_id: RegionId,
        plan_id: PlanId,
        kept: Option<&Credentials>,
    ) -> anyhow::Result<(Credentials, Option<TokenDenial>)> {
        let name = DisplayName::parse("Demo app")?;
        let apps = told(list_apps(
            &self.context,
            Some(tenant_id),
            &AppFilter::default(),
            &Page::first(Page::<()>::MAX_LIMIT),
        ))?;
        if let Some(app) = apps.iter().map(|view| &view.app).find(|app| app.settings.name == name) {
            return Ok((self.working_credentials(app, kept)?, self.denial(app.id)?));
        }
        // Somebody may have ended the plan or stopped the tenant since the last demo.
        let plan = told(find_plan(&self.context, plan_id))?;
        let tenant = told(find_tenant(&self.context, tenant_id))?;
        if tenant.state == TenantState::Suspended {
            told(step_tenant(&self.context, tenant_id, TenantStep::Activate, None))?;
        }
        let command = CreateAppCommand {
            tenant_id: Some(tenant_id),
            region: RegionChoice::Id(region_id),
            client_id: None,
            client_type: ClientType::Confidential,
            settings: AppSettings {
                name,
                allowed_domains: AllowedDomains::parse_slots([
                    "myapp.com",
                    "staging.myapp.com",
                    "localhost:3000",
                ])?,
                login_redirect_uris: RedirectUris::default(),
                logout_redirect_uris: RedirectUris::default(),
                sign_in: SignIn::Nobody,
                service_access: ServiceAccess::AsApp,
                scopes: ScopeSet::default(),
                reference_tokens: ReferenceTokenPolicy::None,
                basic_authentication: BasicAuthentication::Off,
                token_lifetime: TokenLifetime::default(),
                pkce: PkceRequirement::Required,
                backchannel_logout_uri: None,
            },
            scopes: None,
            plan_id: plan.state.is_assignable().then_some(plan_id),
        };
        let created = told(create_app(&self.context, &command))?;
        let secret = created.client_secret.context("a confidential app has a secret")?;
        Ok((credentials(&created.app, secret.expose()), None))
    }

    fn denial(&self, id: AppId) -> anyhow::Result<Option<TokenDenial>> {
        let checks = told(explain_app(&self.context, id))?.checks;
        Ok(checks.into_iter().find_map(|explained| match explained.state {
            CheckState::Denied(denial) => Some(denial),
            CheckState::Passed | CheckState::NotChecked => None,
        }))
    }

    /// The kept secret if it still works; else a new one, as after somebody has regenerated it.
    fn working_credentials(&self, app: &App, kept: Option<&Credentials>) -> anyhow::Result<Credentials> {
        if let Some(kept) = kept.filter(|kept| kept.client_id == app.client_id.as_str())
            && self.authenticates(kept)
        {
            return Ok(credentials(app, &kept.client_secret));
        }
        let added = told(regenerate_secret(&self.context, app.id, None))?;
        Ok(credentials(app, added.plaintext.expose()))
    }

    fn authenticates(&self, kept: &Credentials) -> bool {
        let Ok(secret) = PlaintextSecret::presented(kept.client_secret.clone()) else {
            return false;
        };
        let client = PresentedClient { client_id: kept.client_id.clone(), secret: Some(secret) };
        let command = IssueTokenCommand {
            issuer: self.issuer.clone(),
            client,
            scopes: None,
            audience: None,
            request_id: None,
            admission: AdmitAll::shared(),
        };
        // Another refusal (a disabled app, a retired plan) says that the secret was right.
        let failed = issue_token(self.context.authority, &command, LookUp::Anywhere).err();
        !matches!(
            failed,
            Some(Failure::Denied(IssueTokenDenial::Token(
                TokenDenial::AppUnknown | TokenDenial::ClientAuthenticationFailed
            )))
        )
    }

    fn resource(&self) -> anyhow::Result<()> {
        let audience = Audience::parse("TrueParser.API")?;
        if told(list_resources(&self.context))?.iter().any(|resource| resource.audience == audience) {
            return Ok(());
        }
        let command = CreateResourceCommand {
            audience,
            name: DisplayName::parse("TrueParser API")?,
            limits_claims: LimitsClaims::Both,
            signing_algorithm: SigningAlgorithm::Es256,
        };
        let resource = told(create_resource(&self.context, &command))?;
        for (name, description, grant) in [
            ("TrueParser.API", "calling the API", ScopeGrant::Default),
            ("read", "reading data", ScopeGrant::Default),
            ("update", "modifying data", ScopeGrant::AnyApp),
            ("sec", "access to security infrastructure", ScopeGrant::Reserved),
        ] {
            let command = CreateScopeCommand {
                resource_id: resource.id,
                name: ScopeName::parse(name)?,
                description: description.to_owned(),
                grant,
            };
            told(create_scope(&self.context, &command))?;
        }
        Ok(())
    }

    fn region(&self) -> anyhow::Result<(RegionId, DbCode)> {
        let code = Slug::parse("eu-west")?;
        let regions = told(list_regions(&self.context))?;
        let region = match regions.into_iter().find(|region| region.code == code) {
            Some(region) => region,
            None => {
                let name = DisplayName::parse("EU West")?;
                told(create_region(&self.context, &CreateRegionCommand { code, name }))?
            }
        };
        let databases = told(list_region_databases(&self.context, region.id))?;
        let database = match databases.into_iter().next() {
            Some(database) => database,
            None => {
                let db_code = DbCode::parse("EU1")?;
                let command = CreateRegionDatabaseCommand { region_id: region.id, db_code, capacity: 10_000 };
                told(create_region_database(&self.context, &command))?
            }
        };
        Ok((region.id, database.db_code))
    }

    fn plan(
        &self,
        code: &str,
        name: &str,
        price: PlanPrice,
        units: [u64; 4],
        per_minute: u32,
    ) -> anyhow::Result<PlanId> {
        let code = Slug::parse(code)?;
        if let Some(plan) = told(list_plans(&self.context))?.into_iter().find(|plan| plan.code == code) {
            return Ok(plan.id);
        }
        let [hour, day, week, month] = units.map(Some);
        let features = BTreeMap::from([("ocr".to_owned(), FeatureValue::Flag(price == PlanPrice::Paid))]);
        let limits = PlanLimits {
            document_units: DocumentUnitLimits::new(hour, day, week, month)?,
            requests_per_minute: Some(per_minute),
            features: Features::new(features)?,
        };
        let name = DisplayName::parse(name)?;
        let token_requests = TokenRequestLimits::default();
        let command = CreatePlanCommand { code, name, price, limits, token_requests };
        let plan = told(create_plan(&self.context, &command))?;
        if plan.state == PlanState::Draft {
            told(step_plan(&self.context, plan.id, PlanStep::Activate, None))?;
        }
        Ok(plan.id)
    }

    fn tenant(&self) -> anyhow::Result<TenantId> {
        let name = DisplayName::parse("Demo")?;
        let tenants =
            told(list_tenants(&self.context, &TenantFilter::default(), &Page::first(Page::<()>::MAX_LIMIT)))?;
        if let Some(tenant) = tenants.into_iter().find(|tenant| tenant.name == name) {
            return Ok(tenant.id);
        }
        let command = CreateTenantCommand { name, app_limit: AppLimit::DEFAULT };
        let tenant = told(create_tenant(&self.context, &command))?;
        if tenant.state == TenantState::PendingActivation {
            told(step_tenant(&self.context, tenant.id, TenantStep::Activate, None))?;
        }
        Ok(tenant.id)
    }
}

fn credentials(app: &App, secret: &str) -> Credentials {
    Credentials {
        id: Some(app.id.to_string()),
        client_id: app.client_id.to_string(),
        client_secret: secret.to_owned(),
    }
}
