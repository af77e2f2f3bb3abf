//! Rows of `signing_keys`.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, SigningKeyId};
use turnkeep_domain::signing_key::{SigningKey, SigningKeyState};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::signing_key::StoredSigningKey;

use super::cell::{Cell, cell};
use crate::schema::signing_keys;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
pub(crate) struct SigningKeyRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    algorithm: String,
    state: String,
    state_at: Option<i64>,
    public_jwk: String,
    sealed_private_key: Option<Vec<u8>>,
    created_at: i64,
}

const PRE_PUBLISHED: &str = "pre-published";
const ACTIVE: &str = "active";
const RETIRING: &str = "retiring";

/// The word of the state that is out of the key set.
pub(crate) const GONE: &str = "gone";

/// The state's word, and the time that goes with it.
pub(crate) fn stored_state(state: SigningKeyState) -> (&'static str, Option<i64>) {
    match state {
        SigningKeyState::PrePublished => (PRE_PUBLISHED, None),
        SigningKeyState::Active { since } => (ACTIVE, Some(since.as_micros())),
        SigningKeyState::Retiring { until } => (RETIRING, Some(until.as_micros())),
        SigningKeyState::Gone { since } => (GONE, Some(since.as_micros())),
    }
}

impl From<&StoredSigningKey> for SigningKeyRow {
    fn from(stored: &StoredSigningKey) -> Self {
        let (state, state_at) = stored_state(stored.key.state);
        Self {
            instance_id: stored.key.instance_id.as_bytes().to_vec(),
            id: stored.key.id.as_bytes().to_vec(),
            algorithm: stored.key.algorithm.as_str().to_owned(),
            state: state.to_owned(),
            state_at,
            public_jwk: stored.public_jwk.clone(),
            sealed_private_key: stored.sealed_private_key.clone(),
            created_at: stored.key.created_at.as_micros(),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("signing_keys", column)
}

impl SigningKeyRow {
    pub(crate) fn into_domain(self) -> StoreResult<StoredSigningKey> {
        let state = match (self.state.as_str(), self.state_at.map(Timestamp::from_micros)) {
            (PRE_PUBLISHED, None) => SigningKeyState::PrePublished,
            (ACTIVE, Some(since)) => SigningKeyState::Active { since },
            (RETIRING, Some(until)) => SigningKeyState::Retiring { until },
            (GONE, Some(since)) => SigningKeyState::Gone { since },
            (_, _) => return Err(at("state").corrupt()),
        };
        Ok(StoredSigningKey {
            key: SigningKey {
                id: SigningKeyId::from_bytes(at("id").bytes(&self.id)?),
                instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
                algorithm: at("algorithm").valid(self.algorithm.parse())?,
                state,
                created_at: Timestamp::from_micros(self.created_at),
            },
            public_jwk: self.public_jwk,
            sealed_private_key: self.sealed_private_key,
        })
    }
}
