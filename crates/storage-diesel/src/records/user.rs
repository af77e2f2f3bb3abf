//! Rows of `users`.

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserName};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::word::Word;
use crate::schema::users;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: UserChanges,
}

/// What may change about a user.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub(crate) struct UserChanges {
    kind: String,
    name: String,
    display_name: String,
    display_name_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    tokens_dead_below: Option<i64>,
    state: String,
    state_since: Option<i64>,
    version: i64,
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        Self {
            instance_id: user.instance_id.as_bytes().to_vec(),
            id: user.id.as_bytes().to_vec(),
            created_at: user.created_at.as_micros(),
            changes: UserChanges {
                kind: user.kind.word().to_owned(),
                name: user.name.as_str().to_owned(),
                display_name: user.display_name.as_str().to_owned(),
                display_name_key: Some(user.display_name.uniqueness_key()),
                email: user.email.as_ref().map(|email| email.as_str().to_owned()),
                email_key: user.email.as_ref().map(EmailAddress::key),
                tokens_dead_below: Some(user.tokens_dead_below.as_number()),
                state: user.state.word().to_owned(),
                state_since: Some(user.state_since.as_micros()),
                version: user.version.as_number(),
            },
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("users", column)
}

impl UserRow {
    pub(crate) fn into_domain(self) -> StoreResult<User> {
        let email = self.changes.email.as_deref().map(EmailAddress::parse).transpose();
        let dead_below = self.changes.tokens_dead_below.map(ChangeSequence::from_number);
        Ok(User {
            id: UserId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            kind: at("kind").word(&self.changes.kind)?,
            name: at("name").valid(UserName::parse(&self.changes.name))?,
            display_name: at("display_name").valid(DisplayName::parse(&self.changes.display_name))?,
            email: at("email").valid(email)?,
            tokens_dead_below: dead_below.unwrap_or(ChangeSequence::ZERO),
            state: at("state").word(&self.changes.state)?,
            state_since: Timestamp::from_micros(self.changes.state_since.unwrap_or(self.created_at)),
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}
