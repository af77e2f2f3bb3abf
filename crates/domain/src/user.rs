//! Users of an instance: people, and the accounts that services act as.

use std::fmt;

use crate::change::ChangeSequence;
use crate::display_name::DisplayName;
use crate::email_address::EmailAddress;
use crate::id::{InstanceId, UserId};
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// What kind of user (seed 002).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// Works for the owner of the instance.
    Internal,
    /// A customer or partner.
    Community,
    /// The identity of a background service; cannot sign in.
    System,
}

/// Whether a user may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// May act.
    Active,
    /// May not.
    Disabled,
}

/// Why a text is not a user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a user name has 1 to 100 visible ASCII characters")]
pub struct UserNameError;

/// The name a user is found by; unique in the instance without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(String);

impl UserName {
    /// Accepts 1 to 100 visible ASCII characters and lower-cases them.
    pub fn parse(text: &str) -> Result<Self, UserNameError> {
        if text.is_empty() || 100 < text.len() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(UserNameError);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A user of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identifier; the `sub` of tokens that act as this user.
    pub id: UserId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// What kind.
    pub kind: UserKind,
    /// The name it is found by.
    pub name: UserName,
    /// Name for people.
    pub display_name: DisplayName,
    /// Where mail reaches it; unique in the instance without regard to case.
    pub email: Option<EmailAddress>,
    /// Its kill mark: sessions, grants and tokens with a lower `seq` are dead.
    pub tokens_dead_below: ChangeSequence,
    /// Whether it may act.
    pub state: UserState,
    /// Since when it is in its present state.
    pub state_since: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}
