//! Apps: one record serves the tenant application of seeds 000 and 001 and the trusted application of seed 002.

use crate::allowed_domain::AllowedDomains;
use crate::backchannel_logout_uri::BackchannelLogoutUri;
use crate::change::ChangeSequence;
use crate::client_id::ClientId;
use crate::client_type::ClientType;
use crate::display_name::DisplayName;
use crate::id::{AppId, InstanceId, TenantId};
use crate::pkce::PkceRequirement;
use crate::placement::Placement;
use crate::plan_assignment::PlanAssignment;
use crate::redirect_uri::RedirectUris;
use crate::reference_token::ReferenceTokenPolicy;
use crate::scope::ScopeSet;
use crate::service_access::ServiceAccess;
use crate::sign_in::SignIn;
use crate::time::Timestamp;
use crate::token_lifetime::TokenLifetime;
use crate::version::RecordVersion;

/// The kill switch of an app (seed 002: `IsEnabled`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppState {
    /// In use.
    Enabled,
    /// Gets no token, and its tokens are dead.
    Disabled,
}

/// Whose app it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppOrigin {
    /// A tenant's or vendor's: never gets reserved scopes, needs a region.
    External,
    /// The platform's own, made at the command line.
    Platform,
}

/// Whether an app may use legacy Basic authentication of users (seed 002: off by default).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BasicAuthentication {
    /// No.
    #[default]
    Off,
    /// Yes.
    Allowed,
}

/// What an owner may change about an app at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSettings {
    /// Name for people; unique in the tenant (seed 001).
    pub name: DisplayName,
    /// Up to three domains.
    pub allowed_domains: AllowedDomains,
    /// Seed 002: `ImpersonateLoginUrl`.
    pub login_redirect_uris: RedirectUris,
    /// Seed 002: `ImpersonateLogoutUrl`.
    pub logout_redirect_uris: RedirectUris,
    /// Who may sign in.
    pub sign_in: SignIn,
    /// As whom it acts without a person.
    pub service_access: ServiceAccess,
    /// What it may be granted.
    pub scopes: ScopeSet,
    /// Who may make reference tokens for it.
    pub reference_tokens: ReferenceTokenPolicy,
    /// Legacy Basic authentication of users.
    pub basic_authentication: BasicAuthentication,
    /// How long its access tokens live.
    pub token_lifetime: TokenLifetime,
    /// Whether people can sign in to it without proof of the code's requester (RFC 7636).
    pub pkce: PkceRequirement,
    /// Where it is told that a session is over.
    pub backchannel_logout_uri: Option<BackchannelLogoutUri>,
}

/// The registration of a client in an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Identifier.
    pub id: AppId,
    /// The instance it is registered in.
    pub instance_id: InstanceId,
    /// The tenant that owns it.
    pub tenant_id: TenantId,
    /// The OAuth `client_id`; never changes.
    pub client_id: ClientId,
    /// Whether it can keep a secret; never changes.
    pub client_type: ClientType,
    /// Whose app it is; never changes.
    pub origin: AppOrigin,
    /// Region and database; never change.
    pub placement: Placement,
    /// The kill switch.
    pub state: AppState,
    /// What the owner may change.
    pub settings: AppSettings,
    /// Its plan, if one is assigned.
    pub plan: Option<PlanAssignment>,
    /// Its kill mark: tokens with a lower `seq` are dead.
    pub tokens_dead_below: ChangeSequence,
    /// Since when it is in its present state.
    pub state_since: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}
