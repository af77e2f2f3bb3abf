//! Does what a person granted still stand? Asked whenever a code or a refresh token of it is presented.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::person_grant::{Offline, PersonGrant};
use turnkeep_domain::session::{Session, SessionLimits, SessionState};
use turnkeep_domain::time::Timestamp;

/// Everything the judgement depends on.
#[derive(Debug, Clone, Copy)]
pub struct GrantFacts<'a> {
    /// The grant.
    pub grant: &'a PersonGrant,
    /// The kill marks of the app, the tenant and the instance.
    pub dead_below: [ChangeSequence; 3],
    /// The kill mark of the person.
    pub user_dead_below: ChangeSequence,
    /// The session in which it was made; `None` if nothing is known of it any more.
    pub session: Option<&'a Session>,
    /// How long sessions last.
    pub session_limits: &'a SessionLimits,
    /// Now.
    pub now: Timestamp,
}

/// Why it no longer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum GrantEnd {
    /// It was revoked.
    #[error("what the person granted was revoked")]
    Revoked,
    /// Its time is over.
    #[error("what the person granted has expired")]
    Expired,
    /// The app, its tenant, the instance or the person was stopped since, and perhaps allowed again.
    #[error("what the person granted was ended by a kill")]
    Killed,
    /// It ends with the person's session, which is over.
    #[error("the person's session is over")]
    SessionOver,
}

impl GrantEnd {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Revoked => "grant_revoked",
            Self::Expired => "grant_expired",
            Self::Killed => "grant_killed",
            Self::SessionOver => "session_over",
        }
    }
}

/// The first reason why it does not, if there is one.
pub fn judge_grant(facts: &GrantFacts<'_>) -> Result<(), GrantEnd> {
    let grant = facts.grant;
    if grant.revoked_at.is_some() {
        return Err(GrantEnd::Revoked);
    }
    if grant.expires_at <= facts.now {
        return Err(GrantEnd::Expired);
    }
    let mut marks = facts.dead_below.into_iter().chain([facts.user_dead_below]);
    if marks.any(|dead_below| grant.sequence < dead_below) {
        return Err(GrantEnd::Killed);
    }
    match grant.offline {
        Offline::Yes => Ok(()),
        Offline::No if is_session_live(facts) => Ok(()),
        Offline::No => Err(GrantEnd::SessionOver),
    }
}

fn is_session_live(facts: &GrantFacts<'_>) -> bool {
    facts.session.is_some_and(|session| {
        session.user_id == facts.grant.user_id
            && session.state(facts.now, facts.session_limits) == SessionState::Live
            && facts.user_dead_below <= session.sequence
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
    use turnkeep_domain::id::{AppId, GrantId, InstanceId, SessionId, TenantId, UserId};
    use turnkeep_domain::resource::Audience;
    use turnkeep_domain::scope::ScopeSet;

    use super::*;

    const SESSION: SessionId = SessionId::from_bytes([6; 16]);
    const USER: UserId = UserId::from_bytes([5; 16]);
    const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
    const LIMITS: SessionLimits =
        SessionLimits { idle: Duration::from_secs(30), absolute: Duration::from_secs(100) };

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn n(number: i64) -> ChangeSequence {
        ChangeSequence::from_number(number)
    }

    fn grant(offline: Offline) -> PersonGrant {
        PersonGrant {
            id: GrantId::from_bytes([4; 16]),
            instance_id: INSTANCE,
            tenant_id: TenantId::from_bytes([2; 16]),
            app_id: AppId::from_bytes([3; 16]),
            user_id: USER,
            session_id: SESSION,
            offline,
            scopes: ScopeSet::parse("openid").unwrap(),
            audience: Audience::parse("https://id.example.com").unwrap(),
            authentication: Authentication::by(AuthenticationMethod::Password, at(0)),
            sequence: n(7),
            created_at: at(0),
            expires_at: at(90),
            revoked_at: None,
        }
    }

    fn session() -> Session {
        Session {
            id: SESSION,
            instance_id: INSTANCE,
            user_id: USER,
            authentication: Authentication::by(AuthenticationMethod::Password, at(0)),
            sequence: n(6),
            user_agent: String::new(),
            address: String::new(),
            created_at: at(0),
            last_seen_at: at(0),
            expires_at: at(100),
            ended_at: None,
        }
    }

    fn facts<'a>(grant: &'a PersonGrant, session: Option<&'a Session>) -> GrantFacts<'a> {
        GrantFacts {
            grant,
            dead_below: [n(0); 3],
            user_dead_below: n(0),
            session,
            session_limits: &LIMITS,
            now: at(20),
        }
    }

    #[test]
    fn a_grant_ends_by_hand_by_time_and_by_every_kill_that_concerns_it() {
        let revoked = PersonGrant { revoked_at: Some(at(1)), ..grant(Offline::Yes) };
        assert_eq!(judge_grant(&facts(&revoked, None)), Err(GrantEnd::Revoked));
        let grant = grant(Offline::Yes);
        for (now, expected) in [(89, Ok(())), (90, Err(GrantEnd::Expired))] {
            assert_eq!(judge_grant(&GrantFacts { now: at(now), ..facts(&grant, None) }), expected, "{now}");
        }
        for (app, tenant, instance, user, expected) in [
            (7, 7, 7, 7, Ok(())),
            (8, 0, 0, 0, Err(GrantEnd::Killed)),
            (0, 8, 0, 0, Err(GrantEnd::Killed)),
            (0, 0, 8, 0, Err(GrantEnd::Killed)),
            (0, 0, 0, 8, Err(GrantEnd::Killed)),
        ] {
            let dead_below = [n(app), n(tenant), n(instance)];
            let facts = GrantFacts { dead_below, user_dead_below: n(user), ..facts(&grant, None) };
            assert_eq!(judge_grant(&facts), expected, "{app} {tenant} {instance} {user}");
        }
    }

    #[test]
    fn without_offline_access_it_ends_with_the_session() {
        let grant = grant(Offline::No);
        let live = session();
        let ended = Session { ended_at: Some(at(3)), ..session() };
        let of_another = Session { user_id: UserId::from_bytes([9; 16]), ..session() };
        let over = Err(GrantEnd::SessionOver);
        for (session, now, user_dead_below, expected) in [
            (Some(&live), 29, 6, Ok(())),
            (Some(&live), 30, 6, over),
            (Some(&live), 20, 7, over),
            (Some(&ended), 20, 0, over),
            (Some(&of_another), 20, 0, over),
            (None, 20, 0, over),
        ] {
            let facts =
                GrantFacts { now: at(now), user_dead_below: n(user_dead_below), ..facts(&grant, session) };
            assert_eq!(judge_grant(&facts), expected, "{session:?} {now} {user_dead_below}");
        }
    }
}
