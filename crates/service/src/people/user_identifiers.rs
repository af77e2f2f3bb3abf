//! What a user is found by, checked where it is given: when a user is made, by whomever, and when the address changes.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::user::{User, UserName};
use turnkeep_policy::decide_user_identifiers::{
    AddressFacts, UserIdentifierDenial, decide_user_address, decide_user_name,
};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

/// Whether a new user may go by its name and its address.
pub(crate) fn check_new_user<R: Reads + ?Sized>(
    reads: &mut R,
    user: &User,
) -> StoreResult<Result<(), UserIdentifierDenial>> {
    if let Err(denial) = decide_user_name(&user.name, user.email.as_ref()) {
        return Ok(Err(denial));
    }
    match &user.email {
        Some(email) => check_address(reads, user.instance_id, None, email),
        None => Ok(Ok(())),
    }
}

/// Whether a user may have an address; a new one has no id yet.
pub(crate) fn check_address<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    user_id: Option<UserId>,
    email: &EmailAddress,
) -> StoreResult<Result<(), UserIdentifierDenial>> {
    let owner = reads.find_user_by_email(instance_id, email)?.map(|user| user.id);
    // What is too long for a name is nobody's.
    let named = match UserName::parse(email.as_str()) {
        Ok(name) => reads.find_user_by_name(instance_id, &name)?.map(|user| user.id),
        Err(_) => None,
    };
    Ok(decide_user_address(user_id, &AddressFacts { owner, named }))
}
