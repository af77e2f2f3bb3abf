//! Queries of links that work once.

use diesel::prelude::*;
use turnkeep_domain::account_link::{AccountLink, AccountLinkPurpose};
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::account_link::{AccountLinkReads, AccountLinkStarts, AccountLinkWrites};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::account_link::{AccountLinkRow, purpose_word};
use crate::schema::account_links;
use crate::session::Session;

impl AccountLinkReads for Session<'_> {
    fn find_account_link(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<AccountLink>> {
        let query = account_links::table
            .filter(account_links::instance_id.eq(instance_id.as_bytes()))
            .filter(account_links::handle_hash.eq(handle_hash))
            .select(AccountLinkRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(AccountLinkRow::into_domain).transpose()
    }
}

impl AccountLinkStarts for Session<'_> {
    fn insert_account_link(&mut self, link: &AccountLink, handle_hash: &[u8; 32]) -> StoreResult<Inserted> {
        let row = (AccountLinkRow::from(link), account_links::handle_hash.eq(handle_hash));
        self.run(|c| insert_unless_conflict!(c, account_links::table, row)).map(inserted)
    }
}

impl AccountLinkWrites for Session<'_> {
    fn use_account_link(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Updated> {
        let usable = account_links::table
            .filter(account_links::instance_id.eq(instance_id.as_bytes()))
            .filter(account_links::handle_hash.eq(handle_hash))
            .filter(account_links::used_at.is_null())
            .filter(account_links::expires_at.gt(now.as_micros()));
        let used = account_links::used_at.eq(now.as_micros());
        self.run(|c| diesel::update(usable).set(used).execute(c)).map(updated)
    }

    fn use_account_links_for(
        &mut self,
        instance_id: InstanceId,
        purpose: AccountLinkPurpose,
        now: Timestamp,
    ) -> StoreResult<()> {
        let usable = account_links::table
            .filter(account_links::instance_id.eq(instance_id.as_bytes()))
            .filter(account_links::purpose.eq(purpose_word(purpose)))
            .filter(account_links::used_at.is_null());
        let used = account_links::used_at.eq(now.as_micros());
        let used_up = match purpose.user_id() {
            Some(user_id) => {
                let usable = usable.filter(account_links::user_id.eq(user_id.as_bytes()));
                self.run(|c| diesel::update(usable).set(used).execute(c))
            }
            None => self.run(|c| diesel::update(usable).set(used).execute(c)),
        };
        used_up.map(|_| ())
    }

    fn use_account_links_of(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        now: Timestamp,
    ) -> StoreResult<()> {
        let usable = account_links::table
            .filter(account_links::instance_id.eq(instance_id.as_bytes()))
            .filter(account_links::user_id.eq(user_id.as_bytes()))
            .filter(account_links::used_at.is_null());
        let used = account_links::used_at.eq(now.as_micros());
        self.run(|c| diesel::update(usable).set(used).execute(c)).map(|_| ())
    }
}
