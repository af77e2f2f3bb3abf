//! Who the caller is to this server, and what it may do.

use turnkeep_domain::audit::Actor;
use turnkeep_policy::permission::{Permission, permissions_of};

use crate::registry::context::RegistryContext;
use crate::tokens::authenticate_bearer::Reach;

/// A caller, as it is judged at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Who.
    pub actor: Actor,
    /// How far it reaches, with its tenant and role.
    pub reach: Reach,
    /// What it may do there, in the order of [`Permission::ALL`].
    pub permissions: Vec<Permission>,
}

/// Everybody may know this of themselves.
pub fn who_am_i(context: &RegistryContext<'_>) -> Me {
    Me {
        actor: context.caller.actor,
        reach: context.caller.reach,
        permissions: context.principal().map(|who| permissions_of(who).collect()).unwrap_or_default(),
    }
}
