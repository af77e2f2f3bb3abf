//! The kills that can still concern an unexpired token: per instance, tenant, app, secret, person and what a person
//! granted, and tokens that were revoked one by one. For introspection, and for the feed that resource servers follow.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use turnkeep_domain::change::{Change, ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::id::{AppId, GrantId, InstanceId, SecretId, TenantId, TokenId, UserId};
use turnkeep_domain::token_lifetime::TokenLifetime;

/// How long a kill is kept after it became known here: as long as a token lives at most, and two minutes for clocks
/// that differ.
pub(crate) const KEPT: Duration = Duration::from_secs(TokenLifetime::DEFAULT.as_secs() + 120);

/// How many tokens of one app, and how many grants to it, are remembered one by one. Whoever revokes more within the time
/// that they are kept loses all that it had before: else one app could make the feed too long for everybody.
const REVOKED_PER_APP: u32 = 5_000;

/// Whose tokens are dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Killed {
    /// Those of a whole instance.
    Instance,
    /// Those of a tenant's apps.
    Tenant(TenantId),
    /// Those of an app.
    App(AppId),
    /// Those that a secret obtained.
    Secret(SecretId),
    /// Those that act as a user.
    User(UserId),
    /// Those that came of what a person granted.
    Grant(GrantId),
}

/// Tokens that are dead by their `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KillMark {
    /// Whose.
    pub killed: Killed,
    /// Below which `seq`.
    pub dead_below: ChangeSequence,
}

/// A token that is dead by its `jti`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevokedTokenMark {
    /// The token.
    pub token_id: TokenId,
    /// For how long it has to be remembered.
    pub kept_for: Duration,
}

/// The marks of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MarksOfInstance {
    pub(crate) marks: Vec<KillMark>,
    pub(crate) revoked: Vec<RevokedTokenMark>,
    /// Rises with every mark that is added or dropped.
    pub(crate) version: u64,
}

/// All marks.
#[derive(Debug, Default)]
pub(crate) struct KillMarks(RwLock<HashMap<InstanceId, Book>>);

/// The marks of an instance, each with when it may be dropped, in time since boot.
#[derive(Debug, Default)]
struct Book {
    marks: HashMap<Killed, (ChangeSequence, Duration)>,
    revoked: HashMap<TokenId, (AppId, Duration)>,
    grants: HashMap<GrantId, (AppId, ChangeSequence, Duration)>,
    /// How many tokens and grants of each app are among those.
    revoked_per_app: HashMap<AppId, u32>,
    version: u64,
}

impl KillMarks {
    /// Takes a change in, if it killed anything.
    pub(crate) fn note(&self, change: &Change, since_boot: Duration) {
        if change.tokens_before == TokensBefore::Live {
            return;
        }
        let until = since_boot.saturating_add(KEPT);
        let mut books = self.write();
        let book = books.entry(change.scope.instance_id()).or_default();
        let killed = match change.scope {
            ChangeScope::Instance(_) => Killed::Instance,
            ChangeScope::Tenant(_, tenant_id) => Killed::Tenant(tenant_id),
            ChangeScope::App(_, _, app_id) | ChangeScope::NewApp(_, _, app_id) => Killed::App(app_id),
            ChangeScope::Secret(_, _, _, secret_id) => Killed::Secret(secret_id),
            ChangeScope::Token(_, _, app_id, token_id) => {
                if book.remember(app_id, token_id, until) {
                    return;
                }
                Killed::App(app_id)
            }
            ChangeScope::User(_, user_id) => Killed::User(user_id),
            ChangeScope::Grant(_, _, app_id, grant_id) => {
                if book.remember_grant(app_id, grant_id, change.sequence, until) {
                    return;
                }
                Killed::App(app_id)
            }
        };
        let mark = book.marks.entry(killed).or_insert((ChangeSequence::ZERO, until));
        if mark.0 < change.sequence {
            *mark = (change.sequence, until);
            book.version += 1;
        }
    }

    /// Whether a token was revoked by its id, or with too many others of its app.
    pub(crate) fn is_revoked(
        &self,
        instance_id: InstanceId,
        app_id: AppId,
        token_id: TokenId,
        seq: ChangeSequence,
    ) -> bool {
        self.read().get(&instance_id).is_some_and(|book| {
            let app_mark = book.marks.get(&Killed::App(app_id));
            book.revoked.contains_key(&token_id) || app_mark.is_some_and(|(dead_below, _)| seq < *dead_below)
        })
    }

    /// Whether a token that acts as this user is dead by what happened to the user.
    pub(crate) fn is_user_dead(&self, instance_id: InstanceId, user_id: UserId, seq: ChangeSequence) -> bool {
        self.read().get(&instance_id).is_some_and(|book| {
            book.marks.get(&Killed::User(user_id)).is_some_and(|(dead_below, _)| seq < *dead_below)
        })
    }

    /// Whether a token that came of this grant is dead by what happened to the grant.
    pub(crate) fn is_grant_dead(
        &self,
        instance_id: InstanceId,
        grant_id: GrantId,
        seq: ChangeSequence,
    ) -> bool {
        self.read().get(&instance_id).is_some_and(|book| {
            book.grants.get(&grant_id).is_some_and(|(_, dead_below, _)| seq < *dead_below)
        })
    }

    /// Drops what no unexpired token can be concerned by.
    pub(crate) fn drop_old(&self, since_boot: Duration) {
        for book in self.write().values_mut() {
            let before = book.len();
            book.marks.retain(|_, (_, until)| since_boot < *until);
            let Book { revoked, grants, revoked_per_app, .. } = book;
            let mut keep = |app_id: &AppId, until: Duration| {
                let is_kept = since_boot < until;
                if !is_kept && let Some(count) = revoked_per_app.get_mut(app_id) {
                    *count = count.saturating_sub(1);
                }
                is_kept
            };
            revoked.retain(|_, (app_id, until)| keep(app_id, *until));
            grants.retain(|_, (app_id, _, until)| keep(app_id, *until));
            revoked_per_app.retain(|_, count| 0 < *count);
            if book.len() != before {
                book.version += 1;
            }
        }
    }

    /// The version of an instance's marks: whoever has seen it has seen them.
    pub(crate) fn version(&self, instance_id: InstanceId) -> u64 {
        self.read().get(&instance_id).map_or(0, |book| book.version)
    }

    /// Whether an instance has any marks.
    pub(crate) fn has_marks(&self, instance_id: InstanceId) -> bool {
        self.read().get(&instance_id).is_some_and(|book| !(book.marks.is_empty() && book.grants.is_empty()))
    }

    /// A number that rises with every mark of any instance.
    pub(crate) fn total_version(&self) -> u64 {
        self.read().values().map(|book| book.version).fold(0, u64::wrapping_add)
    }

    /// The marks of an instance, in a fixed order.
    pub(crate) fn of(&self, instance_id: InstanceId, since_boot: Duration) -> MarksOfInstance {
        let books = self.read();
        let Some(book) = books.get(&instance_id) else {
            return MarksOfInstance::default();
        };
        let mut marks: Vec<KillMark> = book
            .marks
            .iter()
            .map(|(killed, (dead_below, _))| KillMark { killed: *killed, dead_below: *dead_below })
            .collect();
        marks.extend(book.grants.iter().map(|(grant_id, (_, dead_below, _))| KillMark {
            killed: Killed::Grant(*grant_id),
            dead_below: *dead_below,
        }));
        marks.sort_unstable_by_key(|mark| (mark.killed, mark.dead_below));
        let mut revoked: Vec<RevokedTokenMark> = book
            .revoked
            .iter()
            .map(|(token_id, (_, until))| RevokedTokenMark {
                token_id: *token_id,
                kept_for: until.saturating_sub(since_boot),
            })
            .collect();
        revoked.sort_unstable_by_key(|mark| mark.token_id);
        MarksOfInstance { marks, revoked, version: book.version }
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<InstanceId, Book>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<InstanceId, Book>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn len(&self) -> usize {
        self.marks.len() + self.grants.len() + self.revoked.len()
    }

    /// Remembers a revoked token, unless its app has too many.
    fn remember(&mut self, app_id: AppId, token_id: TokenId, until: Duration) -> bool {
        if self.revoked.contains_key(&token_id) {
            return true;
        }
        if !self.has_room(app_id) {
            return false;
        }
        self.revoked.insert(token_id, (app_id, until));
        self.version += 1;
        true
    }

    /// Remembers a revoked grant, unless its app has too many.
    fn remember_grant(
        &mut self,
        app_id: AppId,
        grant_id: GrantId,
        dead_below: ChangeSequence,
        until: Duration,
    ) -> bool {
        let known = self.grants.get(&grant_id).map(|(_, known, _)| *known);
        if known.is_some_and(|known| dead_below <= known) {
            return true;
        }
        if known.is_none() && !self.has_room(app_id) {
            return false;
        }
        self.grants.insert(grant_id, (app_id, dead_below, until));
        self.version += 1;
        true
    }

    /// Takes a place of the app's, if there is one left.
    fn has_room(&mut self, app_id: AppId) -> bool {
        let count = self.revoked_per_app.entry(app_id).or_default();
        let has_room = *count < REVOKED_PER_APP;
        *count += u32::from(has_room);
        has_room
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::time::Timestamp;

    use super::*;

    const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
    const TENANT: TenantId = TenantId::from_bytes([2; 16]);
    const APP: AppId = AppId::from_bytes([3; 16]);
    const TOKEN: TokenId = TokenId::from_bytes([5; 16]);

    fn change(scope: ChangeScope, sequence: i64, tokens_before: TokensBefore) -> Change {
        let sequence = ChangeSequence::from_number(sequence);
        Change { sequence, scope, tokens_before, at: Timestamp::from_secs(0) }
    }

    fn is_revoked(marks: &KillMarks, instance_id: InstanceId) -> bool {
        marks.is_revoked(instance_id, APP, TOKEN, ChangeSequence::from_number(1_000_000))
    }

    #[test]
    fn an_app_that_revokes_too_many_tokens_loses_all_that_it_had_and_the_feed_stays_short() {
        let marks = KillMarks::default();
        let n = ChangeSequence::from_number;
        let mut sequence = 0;
        for number in 0..u64::from(REVOKED_PER_APP) + 2_000 {
            sequence += 1;
            let mut bytes = [0; 16];
            bytes[8..].copy_from_slice(&number.to_be_bytes());
            let scope = ChangeScope::Token(INSTANCE, TENANT, APP, TokenId::from_bytes(bytes));
            marks.note(&change(scope, sequence, TokensBefore::Dead), Duration::ZERO);
        }
        let of = marks.of(INSTANCE, Duration::ZERO);
        assert_eq!(of.revoked.len(), usize::try_from(REVOKED_PER_APP).unwrap());
        assert_eq!(of.marks, [KillMark { killed: Killed::App(APP), dead_below: n(sequence) }]);
        let other = AppId::from_bytes([7; 16]);
        for (app_id, seq, expected) in [(APP, sequence - 1, true), (APP, sequence, false), (other, 0, false)]
        {
            assert_eq!(marks.is_revoked(INSTANCE, app_id, TOKEN, n(seq)), expected, "{seq}");
        }
        marks.drop_old(KEPT);
        assert!(marks.of(INSTANCE, KEPT).revoked.is_empty());
    }

    #[test]
    fn a_person_and_what_they_granted_die_by_themselves() {
        let marks = KillMarks::default();
        let n = ChangeSequence::from_number;
        let (user, other) = (UserId::from_bytes([7; 16]), UserId::from_bytes([8; 16]));
        let (grant, another) = (GrantId::from_bytes([7; 16]), GrantId::from_bytes([8; 16]));
        marks.note(&change(ChangeScope::User(INSTANCE, user), 4, TokensBefore::Dead), Duration::ZERO);
        let scope = ChangeScope::Grant(INSTANCE, TENANT, APP, grant);
        for (sequence, tokens_before) in
            [(6, TokensBefore::Dead), (5, TokensBefore::Dead), (9, TokensBefore::Live)]
        {
            marks.note(&change(scope, sequence, tokens_before), Duration::ZERO);
        }
        for (user_id, seq, expected) in [(user, 3, true), (user, 4, false), (other, 0, false)] {
            assert_eq!(marks.is_user_dead(INSTANCE, user_id, n(seq)), expected, "{user_id} {seq}");
        }
        for (grant_id, seq, expected) in [(grant, 5, true), (grant, 6, false), (another, 0, false)] {
            assert_eq!(marks.is_grant_dead(INSTANCE, grant_id, n(seq)), expected, "{grant_id} {seq}");
        }
        let expected = [
            KillMark { killed: Killed::User(user), dead_below: n(4) },
            KillMark { killed: Killed::Grant(grant), dead_below: n(6) },
        ];
        assert_eq!(marks.of(INSTANCE, Duration::ZERO).marks, expected);
        assert!(!marks.is_revoked(INSTANCE, APP, TOKEN, n(0)), "the app's other tokens live");
        marks.drop_old(KEPT);
        assert!(!marks.is_grant_dead(INSTANCE, grant, n(0)) && !marks.has_marks(INSTANCE));
    }

    #[test]
    fn too_many_revoked_grants_to_an_app_stand_for_all_of_them() {
        let marks = KillMarks::default();
        let mut last = GrantId::from_bytes([0; 16]);
        for number in 0..=u64::from(REVOKED_PER_APP) {
            let mut bytes = [0; 16];
            bytes[8..].copy_from_slice(&number.to_be_bytes());
            last = GrantId::from_bytes(bytes);
            let scope = ChangeScope::Grant(INSTANCE, TENANT, APP, last);
            marks.note(&change(scope, 7, TokensBefore::Dead), Duration::ZERO);
        }
        let n = ChangeSequence::from_number;
        assert!(!marks.is_grant_dead(INSTANCE, last, n(6)));
        assert!(
            marks.is_revoked(INSTANCE, APP, TOKEN, n(6)) && !marks.is_revoked(INSTANCE, APP, TOKEN, n(7))
        );
        let kept = marks.of(INSTANCE, Duration::ZERO).marks.len();
        assert_eq!(kept, usize::try_from(REVOKED_PER_APP).unwrap() + 1);
    }

    #[test]
    fn the_latest_kill_of_each_is_kept_and_what_kills_nothing_is_not() {
        let marks = KillMarks::default();
        let (tenant, app) = (ChangeScope::Tenant(INSTANCE, TENANT), ChangeScope::App(INSTANCE, TENANT, APP));
        for change in [
            change(tenant, 4, TokensBefore::Dead),
            change(app, 5, TokensBefore::Dead),
            change(app, 6, TokensBefore::Live),
            change(app, 7, TokensBefore::Dead),
            change(app, 5, TokensBefore::Dead),
        ] {
            marks.note(&change, Duration::ZERO);
        }
        let of = marks.of(INSTANCE, Duration::ZERO);
        let n = ChangeSequence::from_number;
        let expected = [
            KillMark { killed: Killed::Tenant(TENANT), dead_below: n(4) },
            KillMark { killed: Killed::App(APP), dead_below: n(7) },
        ];
        assert_eq!((of.marks.as_slice(), of.version), (expected.as_slice(), 3));
        assert_eq!(marks.of(InstanceId::from_bytes([9; 16]), Duration::ZERO), MarksOfInstance::default());
    }

    #[test]
    fn a_kill_is_kept_for_as_long_as_a_token_can_live() {
        let marks = KillMarks::default();
        let begun = Duration::from_secs(100);
        marks.note(&change(ChangeScope::Token(INSTANCE, TENANT, APP, TOKEN), 1, TokensBefore::Dead), begun);
        marks.note(&change(ChangeScope::Instance(INSTANCE), 2, TokensBefore::Dead), begun);
        let version = marks.version(INSTANCE);
        marks.drop_old(begun + KEPT - Duration::from_secs(1));
        assert!(is_revoked(&marks, INSTANCE));
        assert!(!is_revoked(&marks, InstanceId::from_bytes([9; 16])));
        assert_eq!(marks.version(INSTANCE), version);
        marks.drop_old(begun + KEPT);
        assert!(!is_revoked(&marks, INSTANCE));
        assert!(marks.of(INSTANCE, begun + KEPT).marks.is_empty());
        assert!(version < marks.version(INSTANCE));
    }
}
