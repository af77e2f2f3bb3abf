//! Queries of users.

use diesel::prelude::*;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{User, UserName};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::user::{UserReads, UserWrites};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::queries::keyset::{containing, page};
use crate::records::user::UserRow;
use crate::records::word::Word;
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

    fn find_user_by_name(&mut self, instance_id: InstanceId, name: &UserName) -> StoreResult<Option<User>> {
        let query = users::table
            .filter(users::instance_id.eq(instance_id.as_bytes()))
            .filter(users::name.eq(name.as_str()))
            .select(UserRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(UserRow::into_domain).transpose()
    }

    fn find_user_by_email(
        &mut self,
        instance_id: InstanceId,
        email: &EmailAddress,
    ) -> StoreResult<Option<User>> {
        let query = users::table
            .filter(users::instance_id.eq(instance_id.as_bytes()))
            .filter(users::email_key.eq(email.key()))
            .select(UserRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(UserRow::into_domain).transpose()
    }

    fn list_users(
        &mut self,
        instance_id: InstanceId,
        filter: &UserFilter,
        page: &Page<UserId>,
    ) -> StoreResult<Vec<User>> {
        let mut query = users::table
            .filter(users::instance_id.eq(instance_id.as_bytes().to_vec()))
            .select(UserRow::as_select())
            .into_boxed();
        if let Some(search) = &filter.search {
            let in_name = containing!(users::name, search.key().to_owned());
            let display_name_key = users::display_name_key.assume_not_null();
            query = query.filter(in_name.or(containing!(display_name_key, search.key().to_owned())));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(users::kind.eq(kind.word()));
        }
        if let Some(state) = filter.state {
            query = query.filter(users::state.eq(state.word()));
        }
        let query = page!(query, users::id, users::name, page);
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
