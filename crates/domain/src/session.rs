//! A person's session in a browser. It is known by the hash of a handle that only the browser has.

use std::time::Duration;

use crate::authentication::Authentication;
use crate::change::ChangeSequence;
use crate::id::{InstanceId, SessionId, UserId};
use crate::time::Timestamp;

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
}

/// 30 minutes and 12 hours.
impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle: Duration::from_secs(30 * 60), absolute: Duration::from_secs(12 * 3_600) }
    }
}

/// Where a session is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// It stands for its user.
    Live,
    /// Nobody used it for too long, or it has lasted as long as it may.
    Expired,
    /// It was ended.
    Ended,
}

/// A session, without its handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identifier; its text is the `sid` of ID tokens and logout tokens.
    pub id: SessionId,
    /// The instance of the user.
    pub instance_id: InstanceId,
    /// Whose it is.
    pub user_id: UserId,
    /// How the user signed in, the last time in this session.
    pub authentication: Authentication,
    /// What the node had applied of the change log when it began. The user's later kill marks end it.
    pub sequence: ChangeSequence,
    /// What the browser says it is; at most [`Session::MAX_USER_AGENT`] characters.
    pub user_agent: String,
    /// The address it began from, as text.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub last_seen_at: Timestamp,
    /// From when on it no longer counts, whether it is used or not.
    pub expires_at: Timestamp,
    /// When it was ended, by the user, an administrator or a change of the password.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// The longest description of a browser, in characters; what is longer is cut.
    pub const MAX_USER_AGENT: usize = 200;

    /// The one rule of a session's validity: not ended, used of late, and not too old.
    pub fn state(&self, now: Timestamp, limits: &SessionLimits) -> SessionState {
        match self.ended_at {
            Some(_) => SessionState::Ended,
            None if self.expires_at <= now || self.last_seen_at.plus(limits.idle) <= now => {
                SessionState::Expired
            }
            None => SessionState::Live,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authentication::AuthenticationMethod;

    #[test]
    fn a_session_ends_by_idleness_by_age_and_by_hand() {
        let limits = SessionLimits { idle: Duration::from_secs(10), absolute: Duration::from_secs(100) };
        for (last_seen, ended, now, expected) in [
            (0, None, 9, SessionState::Live),
            (0, None, 10, SessionState::Expired),
            (95, None, 99, SessionState::Live),
            (95, None, 100, SessionState::Expired),
            (0, Some(5), 6, SessionState::Ended),
        ] {
            let session = Session {
                id: SessionId::from_bytes([1; 16]),
                instance_id: InstanceId::from_bytes([2; 16]),
                user_id: UserId::from_bytes([3; 16]),
                authentication: Authentication::by(AuthenticationMethod::Password, Timestamp::from_secs(0)),
                sequence: ChangeSequence::ZERO,
                user_agent: String::new(),
                address: String::new(),
                created_at: Timestamp::from_secs(0),
                last_seen_at: Timestamp::from_secs(last_seen),
                expires_at: Timestamp::from_secs(100),
                ended_at: ended.map(Timestamp::from_secs),
            };
            assert_eq!(
                session.state(Timestamp::from_secs(now), &limits),
                expected,
                "{last_seen} {ended:?} {now}"
            );
        }
    }
}
