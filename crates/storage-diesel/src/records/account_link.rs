//! Rows of `account_links`, without the hash of the handle.

use diesel::prelude::*;
use turnkeep_domain::account_link::{AccountLink, AccountLinkPurpose};
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::account_links;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = account_links)]
pub(crate) struct AccountLinkRow {
    instance_id: Vec<u8>,
    purpose: String,
    user_id: Option<Vec<u8>>,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

/// The words of `purpose`; the user is in a column of its own.
const FIRST_OPERATOR: &str = "first-operator";
const WELCOME: &str = "welcome";
const RESET: &str = "reset";

/// What `purpose` says.
pub(crate) const fn purpose_word(purpose: AccountLinkPurpose) -> &'static str {
    match purpose {
        AccountLinkPurpose::FirstOperator => FIRST_OPERATOR,
        AccountLinkPurpose::Welcome(_) => WELCOME,
        AccountLinkPurpose::Reset(_) => RESET,
    }
}

impl From<&AccountLink> for AccountLinkRow {
    fn from(link: &AccountLink) -> Self {
        Self {
            instance_id: link.instance_id.as_bytes().to_vec(),
            purpose: purpose_word(link.purpose).to_owned(),
            user_id: link.purpose.user_id().map(|user_id| user_id.as_bytes().to_vec()),
            created_at: link.created_at.as_micros(),
            expires_at: link.expires_at.as_micros(),
            used_at: link.used_at.map(Timestamp::as_micros),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("account_links", column)
}

impl AccountLinkRow {
    pub(crate) fn into_domain(self) -> StoreResult<AccountLink> {
        Ok(AccountLink {
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            purpose: self.purpose()?,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            used_at: self.used_at.map(Timestamp::from_micros),
        })
    }

    fn purpose(&self) -> StoreResult<AccountLinkPurpose> {
        let user_id = self.user_id.as_deref().map(|id| at("user_id").bytes(id)).transpose()?;
        match (self.purpose.as_str(), user_id.map(UserId::from_bytes)) {
            (FIRST_OPERATOR, None) => Ok(AccountLinkPurpose::FirstOperator),
            (WELCOME, Some(user_id)) => Ok(AccountLinkPurpose::Welcome(user_id)),
            (RESET, Some(user_id)) => Ok(AccountLinkPurpose::Reset(user_id)),
            (_, _) => Err(at("purpose").corrupt()),
        }
    }
}
