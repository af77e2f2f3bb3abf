//! Reading the management tokens of a person, without the tokens.

use turnkeep_domain::id::{ManagementTokenId, UserId};
use turnkeep_domain::management_token::{ManagementToken, ManagementTokenState};
use turnkeep_domain::page::Page;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::page_of::page_of;
use turnkeep_policy::permission::Permission;

/// A management token, and where it is in its life at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagementTokenView {
    /// The record.
    pub token: ManagementToken,
    /// Its state now.
    pub state: ManagementTokenState,
}

/// Tokens of a user, past ones included, those in a state if one is named. They have no names, so by name they come
/// in the order of creation. Operators only.
pub fn list_management_tokens(
    context: &RegistryContext<'_>,
    user_id: UserId,
    state: Option<ManagementTokenState>,
    page: &Page<ManagementTokenId>,
) -> RegistryResult<Vec<ManagementTokenView>> {
    context.require_read("management_token.read", Some(&user_id), Permission::Operate)?;
    let instance_id = context.instance_id;
    let found = context.authority.store.read(|reads| match reads.find_user(instance_id, user_id)? {
        Some(user) => reads.list_management_tokens(instance_id, user.id).map(Some),
        None => Ok(None),
    })?;
    let now = context.authority.now();
    let tokens = found.ok_or(RegistryDenial::NotFound)?;
    let views = tokens.into_iter().map(|token| ManagementTokenView { token, state: token.state(now) });
    let is_wanted = |view: &ManagementTokenView| state.is_none_or(|state| view.state == state);
    Ok(page_of(views.collect(), page, |view| view.token.id, |_| String::new(), is_wanted))
}
