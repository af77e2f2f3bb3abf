//! A usable app and ways to break it, for the tests of this crate.

use std::collections::BTreeMap;

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_secret::{ClientSecret, SecretHint};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::{
    AppId, InstanceId, InvitationId, PlanId, RegionDatabaseId, RegionId, ResourceId, SecretId, TenantId,
    UserId,
};
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::membership::Role;
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
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;

use crate::decide_token::{AppFacts, Authentication, TokenFacts};
use crate::decide_token_scope::ScopeRequest;
use crate::token_denial::TokenDenial;

const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
const EPOCH: Timestamp = Timestamp::from_micros(0);

pub(crate) fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

pub(crate) fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

pub(crate) fn app() -> App {
    App {
        id: AppId::from_bytes([3; 16]),
        instance_id: INSTANCE,
        tenant_id: TenantId::from_bytes([2; 16]),
        client_id: ClientId::parse("com.example/app").unwrap(),
        client_type: ClientType::Confidential,
        origin: AppOrigin::External,
        placement: Placement::Placed {
            region_id: RegionId::from_bytes([4; 16]),
            region_code: slug("eu-west"),
            database_id: RegionDatabaseId::from_bytes([5; 16]),
            db_code: DbCode::parse("EU1").unwrap(),
        },
        state: AppState::Enabled,
        settings: AppSettings {
            name: name("Invoices"),
            allowed_domains: AllowedDomains::default(),
            login_redirect_uris: RedirectUris::default(),
            logout_redirect_uris: RedirectUris::default(),
            sign_in: SignIn::Nobody,
            service_access: ServiceAccess::AsApp,
            scopes: ScopeSet::parse("api read").unwrap(),
            reference_tokens: ReferenceTokenPolicy::None,
            basic_authentication: BasicAuthentication::Off,
            token_lifetime: TokenLifetime::default(),
            pkce: PkceRequirement::Required,
            backchannel_logout_uri: None,
        },
        plan: Some(PlanAssignment {
            plan_id: PlanId::from_bytes([6; 16]),
            assigned_at: EPOCH,
            state: AssignmentState::Current,
        }),
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: EPOCH,
        created_at: EPOCH,
        version: RecordVersion::FIRST,
    }
}

pub(crate) fn plan(state: PlanState, price: PlanPrice) -> Plan {
    Plan {
        id: PlanId::from_bytes([6; 16]),
        instance_id: INSTANCE,
        code: slug("pro"),
        name: name("Pro"),
        state,
        price,
        limits: PlanLimits {
            document_units: DocumentUnitLimits::default(),
            requests_per_minute: Some(10),
            features: Features::new(BTreeMap::new()).unwrap(),
        },
        token_requests: TokenRequestLimits::default(),
        state_since: EPOCH,
        created_at: EPOCH,
        version: RecordVersion::FIRST,
    }
}

pub(crate) fn user(kind: UserKind) -> User {
    User {
        id: UserId::from_bytes([7; 16]),
        instance_id: INSTANCE,
        kind,
        name: UserName::parse("svc-invoices").unwrap(),
        display_name: name("Invoices service"),
        email: None,
        tokens_dead_below: ChangeSequence::ZERO,
        state: UserState::Active,
        state_since: EPOCH,
        created_at: EPOCH,
        version: RecordVersion::FIRST,
    }
}

pub(crate) fn invitation(now: Timestamp) -> Invitation {
    Invitation {
        id: InvitationId::from_bytes([10; 16]),
        instance_id: INSTANCE,
        tenant_id: TenantId::from_bytes([2; 16]),
        user_name: UserName::parse("kim@example.com").unwrap(),
        role: Role::Auditor,
        invited_by: Actor::CommandLine,
        created_at: now,
        expires_at: Invitation::expiry_from(now),
        state: InvitationState::Pending,
        version: RecordVersion::FIRST,
    }
}

pub(crate) fn secret(created_at: Timestamp) -> ClientSecret {
    ClientSecret {
        id: SecretId::from_bytes([11; 16]),
        app_id: AppId::from_bytes([3; 16]),
        hint: SecretHint::of(""),
        created_at,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
    }
}

pub(crate) fn region_only() -> Placement {
    Placement::RegionOnly { region_id: RegionId::from_bytes([4; 16]), region_code: slug("eu-west") }
}

pub(crate) fn scope(resource: u8, text: &str) -> Scope {
    Scope {
        resource_id: ResourceId::from_bytes([resource; 16]),
        name: ScopeName::parse(text).unwrap(),
        description: String::new(),
        grant: if text == "api" { ScopeGrant::Default } else { ScopeGrant::AnyApp },
    }
}

fn resource(id: u8, audience: &str) -> Resource {
    Resource {
        id: ResourceId::from_bytes([id; 16]),
        instance_id: INSTANCE,
        audience: Audience::parse(audience).unwrap(),
        name: name(audience),
        limits_claims: LimitsClaims::Both,
        signing_algorithm: SigningAlgorithm::Es256,
        created_at: EPOCH,
        version: RecordVersion::FIRST,
    }
}

pub(crate) fn two_resources() -> (Vec<Resource>, Vec<Scope>) {
    let resources = vec![resource(8, "Example.API"), resource(9, "https://reports.example")];
    let scopes = ["api", "read", "update", "sec"].map(|text| scope(8, text)).into_iter();
    (resources, scopes.chain([scope(9, "reports")]).collect())
}

/// Everything a token decision depends on, owned, so that tests can change any of it.
pub(crate) struct Sample {
    pub(crate) known: bool,
    pub(crate) app: App,
    pub(crate) tenant_state: TenantState,
    pub(crate) tenant_state_since: Timestamp,
    pub(crate) instance_state: InstanceState,
    pub(crate) instance_state_since: Timestamp,
    pub(crate) plan: Option<Plan>,
    pub(crate) system_user: Option<User>,
    pub(crate) authentication: Authentication,
    pub(crate) requested: Option<ScopeSet>,
    resources: Vec<Resource>,
    scopes: Vec<Scope>,
}

pub(crate) fn usable() -> Sample {
    let (resources, scopes) = two_resources();
    Sample {
        known: true,
        app: app(),
        tenant_state: TenantState::Active,
        tenant_state_since: EPOCH,
        instance_state: InstanceState::Active,
        instance_state_since: EPOCH,
        plan: Some(plan(PlanState::Active, PlanPrice::Paid)),
        system_user: None,
        authentication: Authentication::Verified,
        requested: None,
        resources,
        scopes,
    }
}

impl Sample {
    pub(crate) fn facts(&self) -> TokenFacts<'_> {
        TokenFacts {
            app: self.known.then_some(AppFacts {
                app: &self.app,
                tenant_state: self.tenant_state,
                tenant_state_since: self.tenant_state_since,
                instance_state: self.instance_state,
                instance_state_since: self.instance_state_since,
                plan: self.plan.as_ref(),
                system_user: self.system_user.as_ref(),
            }),
            authentication: self.authentication,
            scope_request: ScopeRequest {
                scopes: self.requested.as_ref(),
                audience: None,
                known_resources: &self.resources,
                known_scopes: &self.scopes,
            },
        }
    }

    /// Makes every check fail.
    pub(crate) fn break_everything(&mut self) {
        self.known = false;
        self.authentication = Authentication::Failed;
        self.app.state = AppState::Disabled;
        self.tenant_state = TenantState::Suspended;
        self.instance_state = InstanceState::Disabled;
        self.app.placement = Placement::Unplaced;
        self.plan = Some(plan(PlanState::Retired, PlanPrice::Paid));
        if let Some(assignment) = &mut self.app.plan {
            assignment.state = AssignmentState::OnHold { since: EPOCH };
        }
        self.app.settings.service_access = ServiceAccess::Disabled;
        self.requested = Some(ScopeSet::parse("sec").unwrap());
    }

    /// Takes away what caused this denial.
    pub(crate) fn mend(&mut self, denial: TokenDenial) {
        match denial {
            TokenDenial::AppUnknown => self.known = true,
            TokenDenial::ClientAuthenticationFailed | TokenDenial::NoLiveSecret => {
                self.authentication = Authentication::Verified;
            }
            TokenDenial::AppDisabled => self.app.state = AppState::Enabled,
            TokenDenial::TenantPendingActivation
            | TokenDenial::TenantSuspended
            | TokenDenial::TenantClosed => {
                self.tenant_state = TenantState::Active;
            }
            TokenDenial::InstanceDisabled => self.instance_state = InstanceState::Active,
            TokenDenial::RegionMissing => self.app.placement = region_only(),
            TokenDenial::DbCodeMissing => self.app.placement = app().placement,
            TokenDenial::PlanRetired => self.plan = Some(plan(PlanState::Active, PlanPrice::Paid)),
            TokenDenial::PlanOnHold => self.app.plan = app().plan,
            TokenDenial::ServiceAccessOff
            | TokenDenial::PublicApp
            | TokenDenial::SystemUserMissing
            | TokenDenial::SystemUserDisabled => {
                self.app.settings.service_access = ServiceAccess::AsApp;
            }
            TokenDenial::NoScope => self.app.settings.scopes = app().settings.scopes,
            TokenDenial::ScopeNotAllowed | TokenDenial::AudienceNotAllowed => self.requested = None,
        }
    }
}
