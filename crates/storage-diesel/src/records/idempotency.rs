//! Rows of `idempotent_requests`.

use diesel::prelude::*;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::idempotency::{IdempotencyKey, IdempotentRequest, KeptAnswer};

use super::cell::{Cell, cell};
use crate::schema::idempotent_requests;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotent_requests)]
pub(crate) struct IdempotentRequestRow {
    instance_id: Vec<u8>,
    actor: String,
    key_hash: Vec<u8>,
    fingerprint: Vec<u8>,
    created_at: i64,
    expires_at: i64,
    #[diesel(embed)]
    answer: AnswerRow,
}

/// The answer's columns.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Default)]
#[diesel(table_name = idempotent_requests, treat_none_as_null = true)]
pub(crate) struct AnswerRow {
    answer_status: Option<i64>,
    answer_etag: Option<String>,
    answer_location: Option<String>,
    answer_body: Option<Vec<u8>>,
}

impl From<&KeptAnswer> for AnswerRow {
    fn from(answer: &KeptAnswer) -> Self {
        Self {
            answer_status: Some(answer.status.into()),
            answer_etag: answer.etag.clone(),
            answer_location: answer.location.clone(),
            answer_body: Some(answer.body.clone()),
        }
    }
}

impl From<&IdempotentRequest> for IdempotentRequestRow {
    fn from(request: &IdempotentRequest) -> Self {
        Self {
            instance_id: request.key.instance_id.as_bytes().to_vec(),
            actor: request.key.actor.clone(),
            key_hash: request.key.key_hash.to_vec(),
            fingerprint: request.fingerprint.to_vec(),
            created_at: request.created_at.as_micros(),
            expires_at: request.expires_at.as_micros(),
            answer: request.answer.as_ref().map(AnswerRow::from).unwrap_or_default(),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("idempotent_requests", column)
}

impl IdempotentRequestRow {
    pub(crate) fn into_request(self) -> StoreResult<IdempotentRequest> {
        Ok(IdempotentRequest {
            key: IdempotencyKey {
                instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
                actor: self.actor,
                key_hash: at("key_hash").bytes(&self.key_hash)?,
            },
            fingerprint: at("fingerprint").bytes(&self.fingerprint)?,
            answer: self.answer.into_answer()?,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
        })
    }
}

impl AnswerRow {
    fn into_answer(self) -> StoreResult<Option<KeptAnswer>> {
        let Some(status) = self.answer_status else {
            return Ok(None);
        };
        Ok(Some(KeptAnswer {
            status: at("answer_status").number(status)?,
            etag: self.answer_etag,
            location: self.answer_location,
            body: at("answer_body").present(self.answer_body)?,
        }))
    }
}
