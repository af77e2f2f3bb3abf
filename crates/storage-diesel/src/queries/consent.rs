//! Queries of consents.

use diesel::prelude::*;
use turnkeep_domain::consent::Consent;
use turnkeep_domain::id::{AppId, InstanceId, UserId};
use turnkeep_storage::consent::{ConsentEnds, ConsentReads, ConsentStarts};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Updated;

use crate::per_backend::{insert_or_replace, updated};
use crate::records::consent::{ConsentChanges, ConsentRow};
use crate::schema::consents;
use crate::session::Session;

impl ConsentReads for Session<'_> {
    fn find_consent(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        app_id: AppId,
    ) -> StoreResult<Option<Consent>> {
        let query = consents::table
            .filter(consents::instance_id.eq(instance_id.as_bytes()))
            .filter(consents::user_id.eq(user_id.as_bytes()))
            .filter(consents::app_id.eq(app_id.as_bytes()))
            .select(ConsentRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(ConsentRow::into_domain).transpose()
    }

    fn list_consents(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Vec<Consent>> {
        let query = consents::table
            .filter(consents::instance_id.eq(instance_id.as_bytes()))
            .filter(consents::user_id.eq(user_id.as_bytes()))
            .order((consents::given_at.desc(), consents::app_id))
            .select(ConsentRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(ConsentRow::into_domain).collect()
    }
}

impl ConsentStarts for Session<'_> {
    fn put_consent(&mut self, consent: &Consent) -> StoreResult<()> {
        let row = ConsentRow::from(consent);
        let changes = ConsentChanges::from(consent);
        let key = (consents::instance_id, consents::user_id, consents::app_id);
        self.run(|c| insert_or_replace!(c, consents::table, &row, key, &changes)).map(|_| ())
    }
}

impl ConsentEnds for Session<'_> {
    fn delete_consent(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        app_id: AppId,
    ) -> StoreResult<Updated> {
        let stored = consents::table
            .filter(consents::instance_id.eq(instance_id.as_bytes()))
            .filter(consents::user_id.eq(user_id.as_bytes()))
            .filter(consents::app_id.eq(app_id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(updated)
    }
}
