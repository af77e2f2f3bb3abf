//! The operators of another instance, for those of the default one: people belong to one instance, so who operates the
//! server has no account there, but can let the first one in.

use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::UserState;

use crate::people::manage_operators::{Operator, list_operators};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::manage_instance::find_instance;
use crate::sign_in::account_denial::AccountDenial;
use crate::sign_in::account_links::{NewAccountLink, create_first_operator_link};

/// Who operates an instance and is not disabled, by user name. For those who reach every instance.
pub fn list_instance_operators(
    context: &RegistryContext<'_>,
    id: InstanceId,
) -> RegistryResult<Vec<Operator>> {
    let there = at(context, id)?;
    let filter = UserFilter { state: Some(UserState::Active), ..UserFilter::default() };
    list_operators(&there, &filter, &Page::<UserId>::by_name(Page::<UserId>::MAX_LIMIT))
}

/// Makes a link with which the first operator of an instance makes their account. `None` if there is one who is not
/// disabled. For those who reach every instance; the event is one of that instance.
pub fn link_first_operator(
    context: &RegistryContext<'_>,
    id: InstanceId,
) -> RegistryResult<Option<NewAccountLink>> {
    create_first_operator_link(&at(context, id)?)
        .map_err(|failure| failure.map(AccountDenial::into_registry_denial))
}

/// The same caller, who addresses that instance.
fn at<'a>(context: &RegistryContext<'a>, id: InstanceId) -> RegistryResult<RegistryContext<'a>> {
    let instance = find_instance(context, id)?;
    Ok(RegistryContext { instance_id: instance.id, ..*context })
}
