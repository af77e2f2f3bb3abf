//! Changing what an operator may change about a user. The name it is found by stays for good.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::User;
use turnkeep_domain::version::RecordVersion;

use crate::audit::attributes::{changed, user_attributes};
use crate::people::user_identifiers::check_address;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What to change; `None` leaves an attribute as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChanges {
    /// The name that people see.
    pub display_name: Option<DisplayName>,
    /// Where mail reaches the user; the inner `None` is nowhere.
    pub email: Option<Option<EmailAddress>>,
}

/// What it is called in the audit trail.
pub(crate) const ACTION: &str = "user.update";

/// Changes a user. Operators only.
pub fn update_user(
    context: &RegistryContext<'_>,
    id: UserId,
    changes: &UserChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<User> {
    context.audited(ACTION, Some(id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(id.to_string()), |change| {
        let found = change.writes.find_user(context.instance_id, id)?;
        let before = found.ok_or(RegistryDenial::NotFound)?;
        check_version(before.version, if_version)?;
        change_user(context, change, before, changes)
    })
}

/// Changes a user within a transaction.
pub(crate) fn change_user(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: User,
    changes: &UserChanges,
) -> RegistryResult<Done<User>> {
    let id = before.id;
    let after = User {
        display_name: changes.display_name.clone().unwrap_or_else(|| before.display_name.clone()),
        email: changes.email.clone().unwrap_or_else(|| before.email.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(Done::unchanged(before));
    }
    if let Some(email) = after.email.as_ref().filter(|email| before.email.as_ref() != Some(email)) {
        check_address(change.writes, context.instance_id, Some(id), email)?.map_err(RegistryDenial::from)?;
    }
    if before.email.is_some() && before.email != after.email {
        // They were sent to somebody who may not be the user any more.
        change.writes.use_account_links_of(context.instance_id, id, change.now)?;
    }
    let after = User { version: before.version.next(), ..after };
    expect_updated(change.writes.update_user(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(user_attributes(&before), user_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}
