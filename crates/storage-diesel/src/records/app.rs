//! Rows of `apps`.

use diesel::prelude::*;
use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};
use turnkeep_domain::app::{App, AppSettings};
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, PlanId, RegionDatabaseId, RegionId, TenantId, UserId};
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::redirect_uri::{RedirectUri, RedirectUris};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::granted::{read_scopes, scopes_column};
use super::json;
use super::word::Word;
use crate::schema::apps;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = apps)]
pub(crate) struct AppRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    id: Vec<u8>,
    client_id: String,
    client_type: String,
    origin: String,
    region_id: Option<Vec<u8>>,
    region_code: Option<String>,
    database_id: Option<Vec<u8>>,
    db_code: Option<String>,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: AppChanges,
}

/// What may change about an app.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = apps, treat_none_as_null = true)]
pub(crate) struct AppChanges {
    name: String,
    name_key: String,
    state: String,
    allowed_domain_1: Option<String>,
    allowed_domain_2: Option<String>,
    allowed_domain_3: Option<String>,
    login_redirect_uris: String,
    logout_redirect_uris: String,
    internal_sign_in: bool,
    community_sign_in: bool,
    service_access: String,
    system_user_id: Option<Vec<u8>>,
    scopes: String,
    reference_tokens: String,
    basic_authentication: String,
    token_lifetime_secs: i64,
    pkce: Option<String>,
    backchannel_logout_uri: Option<String>,
    plan_id: Option<Vec<u8>>,
    plan_assigned_at: Option<i64>,
    plan_on_hold_since: Option<i64>,
    tokens_dead_below: i64,
    state_since: Option<i64>,
    version: i64,
}

/// The words of `service_access`; the system user is in a column of its own.
const SERVICE_DISABLED: &str = "disabled";
const SERVICE_AS_APP: &str = "as-app";
const SERVICE_AS_USER: &str = "as-user";

impl From<&App> for AppRow {
    fn from(app: &App) -> Self {
        let (region, database) = match &app.placement {
            Placement::Unplaced => (None, None),
            Placement::RegionOnly { region_id, region_code } => (Some((region_id, region_code)), None),
            Placement::Placed { region_id, region_code, database_id, db_code } => {
                (Some((region_id, region_code)), Some((database_id, db_code)))
            }
        };
        Self {
            instance_id: app.instance_id.as_bytes().to_vec(),
            tenant_id: app.tenant_id.as_bytes().to_vec(),
            id: app.id.as_bytes().to_vec(),
            client_id: app.client_id.as_str().to_owned(),
            client_type: app.client_type.word().to_owned(),
            origin: app.origin.word().to_owned(),
            region_id: region.map(|(id, _)| id.as_bytes().to_vec()),
            region_code: region.map(|(_, code)| code.as_str().to_owned()),
            database_id: database.map(|(id, _)| id.as_bytes().to_vec()),
            db_code: database.map(|(_, code)| code.as_str().to_owned()),
            created_at: app.created_at.as_micros(),
            changes: AppChanges::from(app),
        }
    }
}

impl From<&App> for AppChanges {
    fn from(app: &App) -> Self {
        let settings = &app.settings;
        let [domain_1, domain_2, domain_3] = settings.allowed_domains.slots();
        let domain = |slot: &Option<AllowedDomain>| slot.as_ref().map(|domain| domain.as_str().to_owned());
        let uris = |uris: &RedirectUris| json::texts(uris.iter().map(RedirectUri::as_str));
        let (service_access, system_user_id) = match settings.service_access {
            ServiceAccess::Disabled => (SERVICE_DISABLED, None),
            ServiceAccess::AsApp => (SERVICE_AS_APP, None),
            ServiceAccess::AsUser(user_id) => (SERVICE_AS_USER, Some(user_id.as_bytes().to_vec())),
        };
        let lifetime_secs = settings.token_lifetime.as_duration().as_secs();
        Self {
            name: settings.name.as_str().to_owned(),
            name_key: settings.name.uniqueness_key(),
            state: app.state.word().to_owned(),
            allowed_domain_1: domain(domain_1),
            allowed_domain_2: domain(domain_2),
            allowed_domain_3: domain(domain_3),
            login_redirect_uris: uris(&settings.login_redirect_uris),
            logout_redirect_uris: uris(&settings.logout_redirect_uris),
            internal_sign_in: settings.sign_in.internal(),
            community_sign_in: settings.sign_in.community(),
            service_access: service_access.to_owned(),
            system_user_id,
            scopes: scopes_column(&settings.scopes),
            reference_tokens: settings.reference_tokens.word().to_owned(),
            basic_authentication: settings.basic_authentication.word().to_owned(),
            token_lifetime_secs: i64::try_from(lifetime_secs).unwrap_or(i64::MAX),
            pkce: Some(settings.pkce.word().to_owned()),
            backchannel_logout_uri: settings.backchannel_logout_uri.as_ref().map(ToString::to_string),
            plan_id: app.plan.map(|plan| plan.plan_id.as_bytes().to_vec()),
            plan_assigned_at: app.plan.map(|plan| plan.assigned_at.as_micros()),
            plan_on_hold_since: app.plan.and_then(|plan| match plan.state {
                AssignmentState::Current => None,
                AssignmentState::OnHold { since } => Some(since.as_micros()),
            }),
            tokens_dead_below: app.tokens_dead_below.as_number(),
            state_since: Some(app.state_since.as_micros()),
            version: app.version.as_number(),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("apps", column)
}

impl AppRow {
    pub(crate) fn into_domain(self) -> StoreResult<App> {
        let placement = self.placement()?;
        Ok(App {
            id: Self::read_id(&self.id)?,
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            tenant_id: Self::read_tenant_id(&self.tenant_id)?,
            client_id: at("client_id").valid(ClientId::parse(&self.client_id))?,
            client_type: at("client_type").word(&self.client_type)?,
            origin: at("origin").word(&self.origin)?,
            placement,
            state: at("state").word(&self.changes.state)?,
            plan: self.changes.plan()?,
            tokens_dead_below: ChangeSequence::from_number(self.changes.tokens_dead_below),
            state_since: Timestamp::from_micros(self.changes.state_since.unwrap_or(self.created_at)),
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
            settings: self.changes.settings()?,
        })
    }

    pub(crate) fn read_id(id: &[u8]) -> StoreResult<AppId> {
        Ok(AppId::from_bytes(at("id").bytes(id)?))
    }

    pub(crate) fn read_tenant_id(tenant_id: &[u8]) -> StoreResult<TenantId> {
        Ok(TenantId::from_bytes(at("tenant_id").bytes(tenant_id)?))
    }

    pub(crate) fn read_plan_id(plan_id: &[u8]) -> StoreResult<PlanId> {
        Ok(PlanId::from_bytes(at("plan_id").bytes(plan_id)?))
    }

    fn placement(&self) -> StoreResult<Placement> {
        let Some(region_id) = &self.region_id else {
            return Ok(Placement::Unplaced);
        };
        let region_id = RegionId::from_bytes(at("region_id").bytes(region_id)?);
        let region_code = at("region_code").present(self.region_code.as_deref())?;
        let region_code = at("region_code").valid(Slug::parse(region_code))?;
        let Some(database_id) = &self.database_id else {
            return Ok(Placement::RegionOnly { region_id, region_code });
        };
        let database_id = RegionDatabaseId::from_bytes(at("database_id").bytes(database_id)?);
        let db_code = at("db_code").present(self.db_code.as_deref())?;
        let db_code = at("db_code").valid(DbCode::parse(db_code))?;
        Ok(Placement::Placed { region_id, region_code, database_id, db_code })
    }
}

impl AppChanges {
    fn settings(&self) -> StoreResult<AppSettings> {
        let domain = |column, slot: &Option<String>| {
            slot.as_deref().map(|text| at(column).valid(AllowedDomain::parse(text))).transpose()
        };
        let domains = AllowedDomains::new([
            domain("allowed_domain_1", &self.allowed_domain_1)?,
            domain("allowed_domain_2", &self.allowed_domain_2)?,
            domain("allowed_domain_3", &self.allowed_domain_3)?,
        ]);
        let pkce = self.pkce.as_deref().map(|word| at("pkce").word(word)).transpose()?;
        let logout_uri = self.backchannel_logout_uri.as_deref().map(BackchannelLogoutUri::parse).transpose();
        let lifetime_secs = at("token_lifetime_secs").number(self.token_lifetime_secs)?;
        Ok(AppSettings {
            name: at("name").valid(DisplayName::parse(&self.name))?,
            allowed_domains: at("allowed_domain_1").valid(domains)?,
            login_redirect_uris: read_uris(at("login_redirect_uris"), &self.login_redirect_uris)?,
            logout_redirect_uris: read_uris(at("logout_redirect_uris"), &self.logout_redirect_uris)?,
            sign_in: SignIn::from_flags(self.internal_sign_in, self.community_sign_in),
            service_access: self.service_access()?,
            scopes: read_scopes(at("scopes"), &self.scopes)?,
            reference_tokens: at("reference_tokens").word(&self.reference_tokens)?,
            basic_authentication: at("basic_authentication").word(&self.basic_authentication)?,
            token_lifetime: at("token_lifetime_secs").valid(TokenLifetime::from_secs(lifetime_secs))?,
            pkce: pkce.unwrap_or_default(),
            backchannel_logout_uri: at("backchannel_logout_uri").valid(logout_uri)?,
        })
    }

    fn service_access(&self) -> StoreResult<ServiceAccess> {
        match (self.service_access.as_str(), &self.system_user_id) {
            (SERVICE_DISABLED, None) => Ok(ServiceAccess::Disabled),
            (SERVICE_AS_APP, None) => Ok(ServiceAccess::AsApp),
            (SERVICE_AS_USER, Some(user_id)) => {
                Ok(ServiceAccess::AsUser(UserId::from_bytes(at("system_user_id").bytes(user_id)?)))
            }
            (_, _) => Err(at("service_access").corrupt()),
        }
    }

    fn plan(&self) -> StoreResult<Option<PlanAssignment>> {
        let Some(plan_id) = &self.plan_id else {
            return Ok(None);
        };
        Ok(Some(PlanAssignment {
            plan_id: AppRow::read_plan_id(plan_id)?,
            assigned_at: Timestamp::from_micros(at("plan_assigned_at").present(self.plan_assigned_at)?),
            state: match self.plan_on_hold_since {
                None => AssignmentState::Current,
                Some(since) => AssignmentState::OnHold { since: Timestamp::from_micros(since) },
            },
        }))
    }
}

fn read_uris(cell: Cell, json: &str) -> StoreResult<RedirectUris> {
    let texts = json::read_texts(cell, json)?;
    cell.valid(RedirectUris::parse_list(texts.iter().map(String::as_str)))
}
