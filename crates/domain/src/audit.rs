//! Events that change or refuse access (seed 000 §7).

use std::fmt;
use std::str::FromStr;

use crate::id::{AppId, AuditEventId, InstanceId, RequestId, TenantId, UserId};
use crate::time::Timestamp;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The server itself: first start, key rotation by age.
    System,
    /// Somebody at the server's command line.
    CommandLine,
    /// An app, through its access token or its credentials.
    App(AppId),
    /// A user.
    User(UserId),
    /// A caller that did not authenticate.
    Anonymous,
}

/// The text names no actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an actor is `system`, `command-line`, `anonymous`, or the id of an app or user")]
pub struct ActorError;

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::CommandLine => f.write_str("command-line"),
            Self::App(id) => id.fmt(f),
            Self::User(id) => id.fmt(f),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}

impl FromStr for Actor {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        match text {
            "system" => Ok(Self::System),
            "command-line" => Ok(Self::CommandLine),
            "anonymous" => Ok(Self::Anonymous),
            id => {
                let app = id.parse().map(Self::App);
                app.or_else(|_| id.parse().map(Self::User)).map_err(|_| ActorError)
            }
        }
    }
}

/// One attribute of a record before and after a change, never of a secret one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeChange {
    /// The attribute, as the management API names it.
    pub attribute: &'static str,
    /// Its text form before; `None` if it was not set.
    pub before: Option<String>,
    /// Its text form after; `None` if it is not set.
    pub after: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditOutcome {
    /// It was done.
    Done {
        /// What changed.
        changes: Vec<AttributeChange>,
    },
    /// It was refused.
    Refused {
        /// The stable code of the denial.
        code: &'static str,
    },
}

/// One event of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Identifier.
    pub id: AuditEventId,
    /// The instance it happened in.
    pub instance_id: InstanceId,
    /// The tenant it concerns, if one.
    pub tenant_id: Option<TenantId>,
    /// Who did it.
    pub actor: Actor,
    /// What was attempted: entity first, as in `app.disable`.
    pub action: &'static str,
    /// The text form of the id of the record it concerns, if one.
    pub object: Option<String>,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// The request that caused it, if one did.
    pub request_id: Option<RequestId>,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_of_actors_round_trip() {
        for actor in [
            Actor::System,
            Actor::CommandLine,
            Actor::App(AppId::from_bytes([1; 16])),
            Actor::User(UserId::from_bytes([2; 16])),
            Actor::Anonymous,
        ] {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert_eq!("root".parse::<Actor>(), Err(ActorError));
    }
}
