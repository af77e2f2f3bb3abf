//! The change log: the order in which accesses were changed (see `docs/architecture.md`, "Kill switch").

use crate::id::{AppId, GrantId, InstanceId, SecretId, TenantId, TokenId, UserId};
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// Position in the change log of a database: gapless, in the order of commits.
///
/// Every token carries the sequence its node had applied (`seq`); a token whose `seq` lies below the kill mark
/// of its app, tenant or instance is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ChangeSequence(i64);

impl ChangeSequence {
    /// Before the first change.
    pub const ZERO: Self = Self(0);

    /// From its stored form.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The number to store, and to carry in a token.
    pub const fn as_number(self) -> i64 {
        self.0
    }

    /// The first version of a record that this change makes in the place of one that was removed, or may have been:
    /// greater than any version before it, as each of them took a change of its own.
    pub const fn first_version(self) -> RecordVersion {
        RecordVersion::from_number(self.0)
    }
}

/// What a change is about: the smallest part of the registry whose cached state it makes stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeScope {
    /// An instance with everything in it that belongs to no tenant (its state, plans, resources, users, keys).
    Instance(InstanceId),
    /// A tenant with its apps.
    Tenant(InstanceId, TenantId),
    /// One app.
    App(InstanceId, TenantId, AppId),
    /// An app that was not there before: its client id was unknown until now.
    NewApp(InstanceId, TenantId, AppId),
    /// One secret of an app.
    Secret(InstanceId, TenantId, AppId, SecretId),
    /// One access token that was issued to an app.
    Token(InstanceId, TenantId, AppId, TokenId),
    /// One person, or the user that a service acts as.
    User(InstanceId, UserId),
    /// What one person granted to an app.
    Grant(InstanceId, TenantId, AppId, GrantId),
}

/// Whether tokens issued before a change die with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokensBefore {
    /// They live on (a rename, a raised limit, a new app).
    Live,
    /// They are dead everywhere (disable, regenerate, suspend, retire, hold). Of a [`ChangeScope::Secret`] those that
    /// the secret obtained, of a [`ChangeScope::Token`] that one, of a [`ChangeScope::User`] those that act as the user.
    Dead,
}

/// An entry of the change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its place in the order.
    pub sequence: ChangeSequence,
    /// What it is about.
    pub scope: ChangeScope,
    /// What becomes of the tokens issued before it.
    pub tokens_before: TokensBefore,
    /// When it was made, by the clock of the node that made it.
    pub at: Timestamp,
}

impl ChangeScope {
    /// The instance the change is in.
    pub const fn instance_id(&self) -> InstanceId {
        match self {
            Self::Instance(instance_id)
            | Self::Tenant(instance_id, _)
            | Self::App(instance_id, _, _)
            | Self::NewApp(instance_id, _, _)
            | Self::Secret(instance_id, _, _, _)
            | Self::Token(instance_id, _, _, _)
            | Self::User(instance_id, _)
            | Self::Grant(instance_id, _, _, _) => *instance_id,
        }
    }
}
