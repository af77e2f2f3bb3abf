//! Which tokens were killed before their time: the signed feed of kill marks, read and held. Fetching it is not done
//! here.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{AppId, GrantId, SecretId, TenantId, TokenId, UserId};
use turnkeep_domain::signing_key::SigningAlgorithm;

use crate::access_token::VerifiedAccessToken;
use crate::compact_jws::CompactJws;
use crate::key_set::KeySet;
use crate::rejection::TokenRejection;

/// The longest feed that is read, in bytes: some 150,000 marks.
pub const MAX_KILL_MARKS_BYTES: usize = 16 * 1024 * 1024;

/// The `typ` of the feed: a token of another kind is never taken for one (RFC 8725 §3.11).
const FEED_TYPE: &str = "kill-marks+jwt";

/// Why a feed is refused. What is held stays in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KillMarksError {
    /// Longer than [`MAX_KILL_MARKS_BYTES`].
    #[error("the kill marks are too long")]
    TooLong,
    /// Not rightly signed by this issuer; for [`TokenRejection::UnknownKey`], fetching the key set again may help.
    #[error("the kill marks are not acceptable: {0}")]
    Jws(TokenRejection),
    /// Signed by one of the keys, in the name of another issuer.
    #[error("the kill marks are of another issuer")]
    WrongIssuer,
    /// Rightly signed, but not of this form, or with a mark of a kind that is not known here and so cannot be obeyed.
    #[error("the kill marks have an unknown form")]
    Malformed,
    /// Older than what is held: of a node that lags behind, or replayed.
    #[error("the kill marks are older than those held")]
    WentBack,
}

/// Everything that was killed and can still be the matter of an unexpired token.
#[derive(Clone)]
pub struct KillMarks {
    sequence: ChangeSequence,
    instance: ChangeSequence,
    tenants: HashMap<TenantId, ChangeSequence>,
    apps: HashMap<AppId, ChangeSequence>,
    secrets: HashMap<SecretId, ChangeSequence>,
    users: HashMap<UserId, ChangeSequence>,
    grants: HashMap<GrantId, ChangeSequence>,
    /// Token ids that were revoked one by one.
    revoked: Vec<TokenId>,
}

impl KillMarks {
    /// Reads a feed that one of the issuer's keys signed.
    pub fn verify(
        issuer: &str,
        algorithms: &[SigningAlgorithm],
        keys: &KeySet,
        feed: &str,
    ) -> Result<Self, KillMarksError> {
        if MAX_KILL_MARKS_BYTES < feed.len() {
            return Err(KillMarksError::TooLong);
        }
        let jws = CompactJws::split(feed).map_err(KillMarksError::Jws)?;
        jws.verify(FEED_TYPE, algorithms, keys).map_err(KillMarksError::Jws)?;
        let payload = jws.payload().map_err(KillMarksError::Jws)?;
        let raw: RawFeed = serde_json::from_slice(&payload).map_err(|_| KillMarksError::Malformed)?;
        if raw.iss != issuer {
            return Err(KillMarksError::WrongIssuer);
        }
        Self::from_raw(&raw).ok_or(KillMarksError::Malformed)
    }

    /// The newer of what is held and what came. The same sequence may come with fewer marks, as marks that concern no
    /// unexpired token are dropped.
    pub fn replaced_by(&self, newer: Self) -> Result<Self, KillMarksError> {
        if newer.sequence < self.sequence { Err(KillMarksError::WentBack) } else { Ok(newer) }
    }

    /// Whether the token was killed: its `seq` lies below a mark of its instance, tenant, app or secret, of the user that it
    /// acts as, or of what that user granted, or it was revoked itself.
    pub fn is_dead(&self, token: &VerifiedAccessToken) -> bool {
        let marks = [
            Some(&self.instance),
            self.tenants.get(&token.tenant_id),
            self.apps.get(&token.app_id),
            token.secret_id.and_then(|secret_id| self.secrets.get(&secret_id)),
            self.mark_of_user(token),
            token.person.and_then(|person| self.grants.get(&person.grant_id)),
        ];
        marks.into_iter().flatten().any(|dead_below| token.sequence < *dead_below)
            || self.revoked.binary_search(&token.token_id).is_ok()
    }

    /// The change up to which it is complete.
    pub const fn sequence(&self) -> ChangeSequence {
        self.sequence
    }

    /// Below which every token of the issuer is dead; zero if there is no such mark.
    pub const fn instance_mark(&self) -> ChangeSequence {
        self.instance
    }

    /// Services may act as users too, who are their `sub`.
    fn mark_of_user(&self, token: &VerifiedAccessToken) -> Option<&ChangeSequence> {
        if self.users.is_empty() {
            return None;
        }
        let user_id = match token.person {
            Some(person) => person.user_id,
            None => token.subject.parse().ok()?,
        };
        self.users.get(&user_id)
    }

    fn from_raw(raw: &RawFeed) -> Option<Self> {
        let mut marks = Self {
            sequence: ChangeSequence::from_number(raw.seq),
            instance: ChangeSequence::ZERO,
            tenants: HashMap::new(),
            apps: HashMap::new(),
            secrets: HashMap::new(),
            users: HashMap::new(),
            grants: HashMap::new(),
            revoked: raw.revoked.iter().map(|token| token.jti.parse().ok()).collect::<Option<_>>()?,
        };
        marks.revoked.sort_unstable();
        for mark in &raw.marks {
            let held = match (&mark.tenant_id, &mark.app_id, &mark.secret_id) {
                (None, None, None) => &mut marks.instance,
                (Some(id), None, None) => marks.tenants.entry(id.parse().ok()?).or_default(),
                (None, Some(id), None) => marks.apps.entry(id.parse().ok()?).or_default(),
                (None, None, Some(id)) => marks.secrets.entry(id.parse().ok()?).or_default(),
                _ => return None,
            };
            *held = ChangeSequence::from_number(mark.dead_below).max(*held);
        }
        for mark in &raw.people {
            let held = match (&mark.user_id, &mark.grant_id) {
                (Some(id), None) => marks.users.entry(id.parse().ok()?).or_default(),
                (None, Some(id)) => marks.grants.entry(id.parse().ok()?).or_default(),
                (None, None) | (Some(_), Some(_)) => return None,
            };
            *held = ChangeSequence::from_number(mark.dead_below).max(*held);
        }
        Some(marks)
    }
}

impl fmt::Debug for KillMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = self.tenants.len() + self.apps.len() + self.secrets.len();
        let marks = marks + self.users.len() + self.grants.len();
        f.debug_struct("KillMarks")
            .field("sequence", &self.sequence)
            .field("instance", &self.instance)
            .field("marks", &marks)
            .field("revoked", &self.revoked.len())
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct RawFeed {
    iss: String,
    seq: i64,
    marks: Vec<RawMark>,
    #[serde(default)]
    revoked: Vec<RawRevoked>,
    /// Absent in the feed of an authority that knows no people.
    #[serde(default)]
    people: Vec<RawPersonMark>,
}

/// At most one of the ids; none stands for the whole instance. A member that is not known here must not turn a narrow
/// mark into that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMark {
    tenant_id: Option<String>,
    app_id: Option<String>,
    secret_id: Option<String>,
    dead_below: i64,
}

/// Exactly one of the ids.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPersonMark {
    user_id: Option<String>,
    grant_id: Option<String>,
    dead_below: i64,
}

#[derive(Deserialize)]
struct RawRevoked {
    jti: String,
}

#[cfg(test)]
mod tests;
