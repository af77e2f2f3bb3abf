//! Users.

use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::user::{User, UserName};
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};
use turnkeep_domain::page::Page;

/// Reads of users.
pub trait UserReads {
    /// By instance and id.
    fn find_user(&mut self, instance_id: InstanceId, id: UserId) -> StoreResult<Option<User>>;
    /// By instance and the name a user is found by.
    fn find_user_by_name(&mut self, instance_id: InstanceId, name: &UserName) -> StoreResult<Option<User>>;
    /// By instance and e-mail address, without regard to case.
    fn find_user_by_email(
        &mut self,
        instance_id: InstanceId,
        email: &EmailAddress,
    ) -> StoreResult<Option<User>>;
    /// Their sort name is the user name.
    fn list_users(
        &mut self,
        instance_id: InstanceId,
        filter: &UserFilter,
        page: &Page<UserId>,
    ) -> StoreResult<Vec<User>>;
}

/// Changes of users.
pub trait UserWrites {
    /// Conflicts on the name or the e-mail address within the instance.
    fn insert_user(&mut self, user: &User) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`.
    fn update_user(&mut self, user: &User, replacing: RecordVersion) -> StoreResult<Updated>;
}
