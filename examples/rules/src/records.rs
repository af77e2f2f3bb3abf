//! The records of the example, as its own database would have them. Types that are valid by construction parse what
//! they are made of.

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::{AppId, InstanceId, PlanId, RegionDatabaseId, RegionId, ResourceId, TenantId};
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{Features, Plan, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::version::RecordVersion;

use crate::Records;

/// When all of it began.
pub(crate) const BEGIN: Timestamp = Timestamp::from_secs(1_795_256_176);

const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
const PLAN: PlanId = PlanId::from_bytes([6; 16]);
const RESOURCE: ResourceId = ResourceId::from_bytes([8; 16]);

pub(crate) fn make() -> anyhow::Result<Records> {
    Ok(Records { app: app()?, plan: plan()?, resources: vec![resource()?], scopes: vec![scope()?] })
}

fn app() -> anyhow::Result<App> {
    Ok(App {
        id: AppId::from_bytes([3; 16]),
        instance_id: INSTANCE,
        tenant_id: TenantId::from_bytes([2; 16]),
        client_id: ClientId::parse("com.example/invoices")?,
        client_type: ClientType::Confidential,
        origin: AppOrigin::External,
        placement: Placement::Placed {
            region_id: RegionId::from_bytes([4; 16]),
            region_code: Slug::parse("eu-west")?,
            database_id: RegionDatabaseId::from_bytes([5; 16]),
            db_code: DbCode::parse("EU1")?,
        },
        state: AppState::Enabled,
        settings: AppSettings {
            name: DisplayName::parse("Invoices")?,
            allowed_domains: AllowedDomains::default(),
            login_redirect_uris: RedirectUris::default(),
            logout_redirect_uris: RedirectUris::default(),
            sign_in: SignIn::Nobody,
            service_access: ServiceAccess::AsApp,
            scopes: ScopeSet::parse("read")?,
            reference_tokens: ReferenceTokenPolicy::None,
            basic_authentication: BasicAuthentication::Off,
            token_lifetime: TokenLifetime::default(),
            pkce: PkceRequirement::Required,
            backchannel_logout_uri: None,
        },
        plan: Some(PlanAssignment { plan_id: PLAN, assigned_at: BEGIN, state: AssignmentState::Current }),
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: BEGIN,
        created_at: BEGIN,
        version: RecordVersion::FIRST,
    })
}

fn plan() -> anyhow::Result<Plan> {
    Ok(Plan {
        id: PLAN,
        instance_id: INSTANCE,
        code: Slug::parse("pro")?,
        name: DisplayName::parse("Pro")?,
        state: PlanState::Active,
        price: PlanPrice::Paid,
        limits: PlanLimits {
            document_units: DocumentUnitLimits::default(),
            requests_per_minute: Some(10),
            features: Features::default(),
        },
        token_requests: TokenRequestLimits::default(),
        state_since: BEGIN,
        created_at: BEGIN,
        version: RecordVersion::FIRST,
    })
}

fn resource() -> anyhow::Result<Resource> {
    Ok(Resource {
        id: RESOURCE,
        instance_id: INSTANCE,
        audience: Audience::parse("Example.API")?,
        name: DisplayName::parse("Example")?,
        limits_claims: LimitsClaims::Both,
        signing_algorithm: SigningAlgorithm::Es256,
        created_at: BEGIN,
        version: RecordVersion::FIRST,
    })
}

fn scope() -> anyhow::Result<Scope> {
    Ok(Scope {
        resource_id: RESOURCE,
        name: ScopeName::parse("read")?,
        description: String::new(),
        grant: ScopeGrant::Default,
    })
}
