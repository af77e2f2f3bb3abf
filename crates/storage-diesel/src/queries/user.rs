//! Queries of users.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::User;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::user::{UserReads, UserWrites};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::queries::keyset::{after, limit};
use crate::records::user::UserRow;
use crate::schema::users;
use crate::session::Session;

impl UserReads for Session<'_> {
    fn find_user(&mut self, instance_id: InstanceId, id: UserId) -> StoreResult<Option<User>> {
        let query = users::table
            .filter(users::instance_id.eq(instance_id.as_bytes()))
            .filter(users::id.eq(id.as_bytes()))
            .select(UserRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(UserRow::into_domain).transpose()
    }

    fn list_users(&mut self, instance_id: InstanceId, page: Page<UserId>) -> StoreResult<Vec<User>> {
        let query = users::table
            .filter(users::instance_id.eq(instance_id.as_bytes()))
            .filter(users::id.gt(after(page.after.as_ref().map(UserId::as_bytes))))
            .order(users::id)
            .limit(limit(page.limit))
            .select(UserRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(UserRow::into_domain).collect()
    }
}

impl UserWrites for Session<'_> {
    fn insert_user(&mut self, user: &User) -> StoreResult<Inserted> {
        let row = UserRow::from(user);
        self.run(|c| insert_unless_conflict!(c, users::table, &row)).map(inserted)
    }

    fn update_user(&mut self, user: &User, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = users::table
            .filter(users::instance_id.eq(user.instance_id.as_bytes()))
            .filter(users::id.eq(user.id.as_bytes()))
            .filter(users::version.eq(replacing.as_number()));
        let changes = UserRow::from(user).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }
}
