//! Who calls the management API? Bearer tokens of this same server (RFC 6750).

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::membership::Role;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};

use crate::authority::Authority;
use crate::failure::Failure;
use crate::snapshot::look_up::LookUp;
use crate::tokens::authenticate_person::authenticate_person;
use crate::tokens::check_issued_token::current_token;

/// The audience of tokens for the management API, in every instance.
pub use turnkeep_policy::decide_person_scope::MANAGEMENT_AUDIENCE;

/// Everything in the instance; from the default instance, everything in every instance. Reserved.
pub const OPERATE_SCOPE: &str = "turnkeep.operate";

/// As a developer of one's own tenant: its apps.
pub const MANAGE_SCOPE: &str = "turnkeep.manage";

/// As an auditor of one's own tenant: reading.
pub const READ_SCOPE: &str = "turnkeep.read";

/// Reporting what apps use of the resources that one serves, and nothing else.
pub const METER_SCOPE: &str = "turnkeep.meter";

/// Why a bearer token is of no use here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BearerDenial {
    /// Malformed, foreign, expired, revoked, killed, or for another audience.
    #[error("the access token is not valid here")]
    InvalidToken,
    /// Good, but without a scope that allows this.
    #[error("the access token lacks the scope")]
    InsufficientScope,
}

/// How far a caller reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every instance.
    Platform,
    /// Everything in one instance.
    Instance,
    /// One tenant.
    Tenant {
        /// The tenant.
        tenant_id: TenantId,
        /// What it may do there.
        role: Role,
    },
    /// A person without a tenant: may accept invitations, and nothing else.
    Nowhere,
}

/// An authenticated caller of the management API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// For the audit trail.
    pub actor: Actor,
    /// How far it reaches.
    pub reach: Reach,
    /// The tenant that its calls count for, if it is one's.
    pub tenant_id: Option<TenantId>,
}

impl Caller {
    /// Somebody at the server's own command line.
    pub const COMMAND_LINE: Self = Self::new(Actor::CommandLine, Reach::Platform);

    /// A caller whose calls count for the tenant that it reaches.
    pub const fn new(actor: Actor, reach: Reach) -> Self {
        let tenant_id = match reach {
            Reach::Tenant { tenant_id, .. } => Some(tenant_id),
            Reach::Platform | Reach::Instance | Reach::Nowhere => None,
        };
        Self { actor, reach, tenant_id }
    }
}

/// Accepts a token of the addressed instance, or an operator's token of the default one; of an app, or of a
/// person.
pub fn authenticate_bearer(
    authority: &Authority,
    instance: &Slug,
    token: &str,
    look_up: LookUp,
) -> Result<Caller, Failure<BearerDenial>> {
    if check_form(token) == GeneratedForm::Generated(SecretKind::ManagementToken) {
        look_up.require_anywhere()?;
        authority.in_step(look_up)?;
        return authenticate_person(authority, instance, token);
    }
    if let Some(caller) = caller_of(authority, instance, token, look_up)? {
        let reach = match caller.reach {
            Some(Reach::Platform) if instance.as_str() != DEFAULT_INSTANCE => Reach::Instance,
            Some(reach) => reach,
            None => return Err(Failure::Denied(BearerDenial::InsufficientScope)),
        };
        return Ok(Caller::new(Actor::App(caller.app_id), reach));
    }
    let platform = Slug::parse(DEFAULT_INSTANCE).map_err(|_| Failure::Denied(BearerDenial::InvalidToken))?;
    match caller_of(authority, &platform, token, look_up)? {
        Some(TokenCaller { app_id, reach: Some(Reach::Platform) }) => {
            Ok(Caller::new(Actor::App(app_id), Reach::Platform))
        }
        Some(_) | None => Err(Failure::Denied(BearerDenial::InvalidToken)),
    }
}

struct TokenCaller {
    app_id: AppId,
    reach: Option<Reach>,
}

fn caller_of(
    authority: &Authority,
    instance: &Slug,
    token: &str,
    look_up: LookUp,
) -> Result<Option<TokenCaller>, Failure<BearerDenial>> {
    let found = current_token(authority, instance, token, Some(MANAGEMENT_AUDIENCE), look_up)?;
    // A token that acts as a person says nothing of what the app itself may do.
    let found = found.filter(|(token, _)| token.person.is_none());
    Ok(found.map(|(token, app)| TokenCaller {
        app_id: app.live.app.id,
        reach: reach_of(&token.scopes, token.tenant_id),
    }))
}

fn reach_of(scopes: &ScopeSet, tenant_id: TenantId) -> Option<Reach> {
    let has = |name: &str| scopes.iter().any(|scope| scope.as_str() == name);
    if has(OPERATE_SCOPE) {
        Some(Reach::Platform)
    } else if has(MANAGE_SCOPE) {
        Some(Reach::Tenant { tenant_id, role: Role::Developer })
    } else if has(READ_SCOPE) {
        Some(Reach::Tenant { tenant_id, role: Role::Auditor })
    } else {
        None
    }
}
