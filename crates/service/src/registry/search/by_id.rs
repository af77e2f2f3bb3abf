//! Records that a text is the whole id of.

use turnkeep_domain::id::{AppId, InvitationId, TenantId, UserId};

use super::{Found, FoundInvitation};
use crate::failure::Failure;
use crate::people::list_invitations::find_invitation;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::find_app;
use crate::registry::manage_tenant::find_tenant;
use crate::registry::manage_user::find_user;

/// The record, if there is one for the caller. What operators have short lists of is found in those.
pub(super) fn found_by_id(context: &RegistryContext<'_>, text: &str) -> RegistryResult<Found> {
    let mut found = Found::default();
    if let Ok(id) = text.parse::<AppId>() {
        found.apps.extend(unless_absent(find_app(context, id))?.map(|view| view.app));
    } else if let Ok(id) = text.parse::<TenantId>() {
        found.tenants.extend(unless_absent(find_tenant(context, id))?);
    } else if let Ok(id) = text.parse::<UserId>()
        && context.extent()? == Extent::Instance
    {
        found.users.extend(unless_absent(find_user(context, id))?);
    } else if let Ok(id) = text.parse::<InvitationId>()
        && let Extent::Tenant(tenant_id) = context.extent()?
        && let Some(view) = unless_absent(find_invitation(context, tenant_id, id))?
    {
        let tenant_name = find_tenant(context, tenant_id)?.name;
        found.invitations.push(FoundInvitation { view, tenant_name });
    }
    Ok(found)
}

fn unless_absent<T>(found: RegistryResult<T>) -> RegistryResult<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Failure::Denied(RegistryDenial::NotFound)) => Ok(None),
        Err(failure) => Err(failure),
    }
}
