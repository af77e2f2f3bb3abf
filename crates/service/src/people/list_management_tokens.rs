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
    let tokens = context.read(|reads| {
        let user = reads.find_user(instance_id, user_id)?.ok_or(RegistryDenial::NotFound)?;
        Ok(reads.list_management_tokens(instance_id, user.id)?)
    })?;
    let now = context.authority.now();
    let views = tokens.into_iter().map(|token| ManagementTokenView { token, state: token.state(now) });
    let is_wanted = |view: &ManagementTokenView| state.is_none_or(|state| view.state == state);
    Ok(page_of(views.collect(), page, |view| view.token.id, |_| String::new(), is_wanted))
}
