//! Changing the name that people see of a user. The name it is found by stays for good.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::User;
use turnkeep_domain::version::RecordVersion;

use crate::audit::attributes::{changed, user_attributes};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// Renames a user. Operators only.
pub fn rename_user(
    context: &RegistryContext<'_>,
    id: UserId,
    display_name: &DisplayName,
    if_version: Option<RecordVersion>,
) -> RegistryResult<User> {
    const ACTION: &str = "user.rename";
    context.audited(ACTION, Some(id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(id.to_string()), |change| {
        let found = change.writes.find_user(context.instance_id, id)?;
        let before = found.ok_or(RegistryDenial::NotFound)?;
        check_version(before.version, if_version)?;
        change_display_name(context, change, before, display_name)
    })
}

/// Renames a user within a transaction.
pub(crate) fn change_display_name(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: User,
    display_name: &DisplayName,
) -> RegistryResult<Done<User>> {
    let id = before.id;
    if before.display_name == *display_name {
        return Ok(Done::unchanged(before));
    }
    let display_name = display_name.clone();
    let after = User { display_name, version: before.version.next(), ..before.clone() };
    expect_updated(change.writes.update_user(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(user_attributes(&before), user_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}
