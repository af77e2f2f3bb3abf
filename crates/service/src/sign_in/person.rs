//! Somebody by what they type to sign in: a user name or an e-mail address.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::user::{User, UserName};
use turnkeep_storage::credential::StoredPassword;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

/// What is known of somebody who wants to sign in.
pub(crate) struct Person {
    pub(crate) user: Option<User>,
    pub(crate) password: Option<StoredPassword>,
    pub(crate) has_totp: bool,
}

impl Person {
    /// Looks somebody up; it takes the same look-ups whether there is such a user or not.
    pub(crate) fn find(reads: &mut dyn Reads, instance_id: InstanceId, typed: &str) -> StoreResult<Self> {
        let user = find_user(reads, instance_id, typed)?;
        let user_id = user.as_ref().map_or(UserId::from_bytes([0; 16]), |user| user.id);
        let password = reads.find_password(instance_id, user_id)?;
        let has_totp = reads.find_totp(instance_id, user_id)?.is_some();
        Ok(Self { user, password, has_totp })
    }
}

/// An address finds the one whose mailbox it is, whatever others go by; anything else is a user name. Records that were
/// made before names were held against addresses may have both.
pub(crate) fn find_user(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
    typed: &str,
) -> StoreResult<Option<User>> {
    let typed = typed.trim();
    let by_email = match EmailAddress::parse(typed) {
        Ok(email) => reads.find_user_by_email(instance_id, &email)?,
        Err(_) => None,
    };
    let by_name = match UserName::parse(typed) {
        Ok(name) => reads.find_user_by_name(instance_id, &name)?,
        Err(_) => None,
    };
    Ok(by_email.or(by_name))
}

/// What failures are counted under: the same for every spelling of a name.
pub(crate) fn name_key(typed: &str) -> String {
    typed.trim().to_ascii_lowercase()
}
