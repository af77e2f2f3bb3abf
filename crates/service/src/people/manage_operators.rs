//! Operators of an instance: people who may do everything in it, or from the default instance everywhere.
//!
//! The last of them may go where whoever takes that away goes on operating; see `operators_left`.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::UserId;
use turnkeep_domain::page::Page;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserState};
use turnkeep_policy::decide_operator::decide_operator;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::{Deleted, Inserted};

use crate::people::operators_left::check_operators_left;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::page_of::page_of;
use crate::registry::recording::{Change, Done, mutate};

/// A person who operates an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Who.
    pub user: User,
    /// Since when.
    pub since: Timestamp,
}

/// Operators of the instance; their sort name is the user name. Operators only.
pub fn list_operators(
    context: &RegistryContext<'_>,
    filter: &UserFilter,
    page: &Page<UserId>,
) -> RegistryResult<Vec<Operator>> {
    context.require_read("operator.read", None, Permission::Operate)?;
    let operators = context.authority.store.read(|reads| {
        let mut operators = Vec::new();
        for (user_id, since) in reads.list_operators(context.instance_id)? {
            let missing = StoreError::Corrupt { table: "operators", column: "user_id" };
            let user = reads.find_user(context.instance_id, user_id)?.ok_or(missing)?;
            operators.push(Operator { user, since });
        }
        Ok(operators)
    })?;
    let name_of = |operator: &Operator| operator.user.name.to_string();
    Ok(page_of(
        operators,
        page,
        |operator| operator.user.id,
        name_of,
        |operator| filter.wants(&operator.user),
    ))
}

/// Whether a user operates the instance; one that it does not have does not. Operators only.
pub fn is_operator(context: &RegistryContext<'_>, user_id: UserId) -> RegistryResult<bool> {
    context.require_read("operator.read", Some(&user_id), Permission::Operate)?;
    Ok(context.authority.store.read(|reads| reads.is_operator(context.instance_id, user_id))?)
}

/// Makes a person an operator of the instance; changes nothing if it is one. Operators only.
pub fn add_operator(context: &RegistryContext<'_>, user_id: UserId) -> RegistryResult<Operator> {
    const ACTION: &str = "operator.add";
    context.audited(ACTION, Some(user_id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(user_id.to_string()), |change| put_operator(context, change, user_id))
}

/// Makes a person an operator within a transaction.
pub(crate) fn put_operator(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    user_id: UserId,
) -> RegistryResult<Done<Operator>> {
    let instance_id = context.instance_id;
    let user = change.writes.find_user(instance_id, user_id)?.ok_or(RegistryDenial::NotFound)?;
    decide_operator(&user).map_err(RegistryDenial::from)?;
    let operators = change.writes.list_operators(instance_id)?;
    if let Some((_, since)) = operators.into_iter().find(|(id, _)| *id == user_id) {
        return Ok(Done::unchanged(Operator { user, since }));
    }
    if user.state == UserState::Disabled {
        return Err(RegistryDenial::UserDisabled.into());
    }
    let since = change.now;
    if change.writes.insert_operator(instance_id, user_id, since)? == Inserted::Conflict {
        return Err(RegistryDenial::StaleVersion.into());
    }
    change.record(ChangeScope::Instance(instance_id), TokensBefore::Live)?;
    Ok(Done::of(user_id, Operator { user, since }).set("operator", true))
}

/// Takes that away, also from oneself; but no person of the instance takes it from the last one. Operators only.
pub fn remove_operator(context: &RegistryContext<'_>, user_id: UserId) -> RegistryResult<()> {
    const ACTION: &str = "operator.remove";
    context.audited(ACTION, Some(user_id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(user_id.to_string()), |change| {
        let user = change.writes.find_user(context.instance_id, user_id)?.ok_or(RegistryDenial::NotFound)?;
        check_operators_left(context, change.writes, &user)?;
        if change.writes.delete_operator(context.instance_id, user_id)? == Deleted::Unknown {
            return Err(RegistryDenial::NotFound.into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let before = Some(true.to_string());
        Ok(Done::of(user_id, ()).change("operator", before, Some(false.to_string())))
    })
}
