//! Rows of `sessions`, without the hash of the handle.

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{InstanceId, SessionId, UserId};
use turnkeep_domain::session::Session;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::granted::read_authentication;
use crate::schema::sessions;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    user_id: Vec<u8>,
    methods: String,
    authenticated_at: i64,
    sequence: i64,
    user_agent: String,
    address: String,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            instance_id: session.instance_id.as_bytes().to_vec(),
            id: session.id.as_bytes().to_vec(),
            user_id: session.user_id.as_bytes().to_vec(),
            methods: session.authentication.methods_text(),
            authenticated_at: session.authentication.at().as_micros(),
            sequence: session.sequence.as_number(),
            user_agent: session.user_agent.clone(),
            address: session.address.clone(),
            created_at: session.created_at.as_micros(),
            last_seen_at: session.last_seen_at.as_micros(),
            expires_at: session.expires_at.as_micros(),
            ended_at: session.ended_at.map(Timestamp::as_micros),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("sessions", column)
}

impl SessionRow {
    pub(crate) fn into_domain(self) -> StoreResult<Session> {
        Ok(Session {
            id: SessionId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            authentication: read_authentication(at("methods"), &self.methods, self.authenticated_at)?,
            sequence: ChangeSequence::from_number(self.sequence),
            user_agent: self.user_agent,
            address: self.address,
            created_at: Timestamp::from_micros(self.created_at),
            last_seen_at: Timestamp::from_micros(self.last_seen_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            ended_at: self.ended_at.map(Timestamp::from_micros),
        })
    }
}
