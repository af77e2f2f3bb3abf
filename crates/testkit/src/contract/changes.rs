//! The change log.

use turnkeep_domain::app::App;
use turnkeep_domain::change::{Change, ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::id::{GrantId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_app(store: &dyn Store) -> App {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    given::app(store, &tenant, 1)
}

/// Every scope that a change can have.
fn every_scope(app: &App) -> [ChangeScope; 8] {
    let (instance, tenant) = (app.instance_id, app.tenant_id);
    [
        ChangeScope::Instance(instance),
        ChangeScope::Tenant(instance, tenant),
        ChangeScope::App(instance, tenant, app.id),
        ChangeScope::NewApp(instance, tenant, app.id),
        ChangeScope::Secret(instance, tenant, app.id, fixtures::stored_secret(app, 1).secret.id),
        ChangeScope::Token(instance, tenant, app.id, fixtures::revoked_token(app, 1).token_id),
        ChangeScope::User(instance, UserId::from_bytes([7; 16])),
        ChangeScope::Grant(instance, tenant, app.id, GrantId::from_bytes([8; 16])),
    ]
}

/// Records so many changes, each second with dead tokens, one second after the other from [`fixtures::START`] on.
fn given_changes(store: &dyn Store, number: u32) -> Vec<Change> {
    let app = given_app(store);
    let kinds = [TokensBefore::Live, TokensBefore::Dead];
    given::mutate(store, |writes| {
        let changes = every_scope(&app).into_iter().cycle().zip(kinds.into_iter().cycle());
        (0..number)
            .zip(changes)
            .map(|(second, (scope, tokens_before))| {
                let at = fixtures::later(second.into());
                let sequence = writes.record_change(scope, tokens_before, at)?;
                Ok(Change { sequence, scope, tokens_before, at })
            })
            .collect()
    })
}

fn listed(store: &dyn Store, after: i64, limit: u32) -> Vec<Change> {
    given::read(store, |reads| reads.list_changes(ChangeSequence::from_number(after), limit))
}

/// Before anything that a test writes.
const LONG_AGO: Timestamp = Timestamp::from_micros(i64::MIN);

/// Of every scope and kind, several in one transaction too.
pub fn sequences_count_from_one_without_gaps(store: &dyn Store) {
    let app = given_app(store);
    assert_eq!(given::read(store, |reads| reads.change_sequence()), ChangeSequence::ZERO);
    let mut expected = 0;
    for tokens_before in [TokensBefore::Live, TokensBefore::Dead] {
        given::mutate(store, |writes| {
            for scope in every_scope(&app) {
                expected += 1;
                let sequence = writes.record_change(scope, tokens_before, fixtures::START)?;
                assert_eq!(sequence, ChangeSequence::from_number(expected));
                assert_eq!(writes.change_sequence()?, sequence);
            }
            Ok(())
        });
        let last = given::read(store, |reads| reads.change_sequence());
        assert_eq!(last, ChangeSequence::from_number(expected));
    }
}

/// The next change gets its number, and nothing of it is in the log.
pub fn a_rolled_back_change_leaves_no_gap(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let scope = ChangeScope::Instance(instance.id);
    let failed = store.mutate(|writes| {
        writes.record_change(scope, TokensBefore::Dead, fixtures::START)?;
        Err::<(), _>(StoreError::Database("made up".into()))
    });
    assert!(failed.is_err());
    assert_eq!(listed(store, 0, 10), []);
    let sequence =
        given::mutate(store, |writes| writes.record_change(scope, TokensBefore::Live, fixtures::START));
    assert_eq!(sequence, ChangeSequence::from_number(1));
}

/// Each scope with each kind, at times far apart.
pub fn every_form_of_a_change_round_trips(store: &dyn Store) {
    let app = given_app(store);
    let mut forms = Vec::new();
    for tokens_before in [TokensBefore::Live, TokensBefore::Dead] {
        for at in [Timestamp::from_micros(0), fixtures::START, Timestamp::from_micros(i64::MAX)] {
            for scope in every_scope(&app) {
                let sequence = given::mutate(store, |writes| writes.record_change(scope, tokens_before, at));
                forms.push(Change { sequence, scope, tokens_before, at });
            }
        }
    }
    assert_eq!(listed(store, 0, 100), forms);
}

/// In their order, those after a change, and never more than asked for.
pub fn changes_are_listed_in_their_order(store: &dyn Store) {
    let changes = given_changes(store, 9);
    let (first, rest) = changes.split_at(4);
    for (after, limit, expected) in [
        (0, 100, changes.as_slice()),
        (0, 9, &changes),
        (0, 4, first),
        (4, 100, rest),
        (4, 5, rest),
        (4, 1, rest.get(..1).unwrap()),
        (4, 0, &[]),
        (9, 100, &[]),
        (i64::MAX, 100, &[]),
    ] {
        assert_eq!(listed(store, after, limit), expected, "{limit} after {after}");
    }
}

/// In their order, of every instance.
pub fn kills_are_the_changes_with_dead_tokens(store: &dyn Store) {
    assert_eq!(given::read(store, |reads| reads.list_kills(LONG_AGO)), []);
    let mut kills = given_changes(store, 12);
    kills.retain(|change| change.tokens_before == TokensBefore::Dead);
    let scope = ChangeScope::Instance(given::instance(store, 2).id);
    let at = fixtures::START;
    for tokens_before in [TokensBefore::Dead, TokensBefore::Live] {
        let sequence = given::mutate(store, |writes| writes.record_change(scope, tokens_before, at));
        if tokens_before == TokensBefore::Dead {
            kills.push(Change { sequence, scope, tokens_before, at });
        }
    }
    assert_eq!(kills.len(), 7);
    assert_eq!(given::read(store, |reads| reads.list_kills(LONG_AGO)), kills);
    let made_after = kills.get(1).unwrap().at;
    kills.retain(|change| made_after < change.at);
    assert!((1..7).contains(&kills.len()));
    assert_eq!(given::read(store, |reads| reads.list_kills(made_after)), kills);
}

/// Those made before are gone from every list; the numbers go on.
pub fn old_changes_are_purged(store: &dyn Store) {
    let changes = given_changes(store, 9);
    let kept = changes.get(5..).unwrap();
    for (made_before, expected) in [(0, 0), (5, 5), (5, 0)] {
        let at = fixtures::later(made_before);
        assert_eq!(given::keep_books(store, |books| books.purge_changes(at)), expected);
    }
    assert_eq!(listed(store, 0, 100), kept);
    assert_eq!(listed(store, 7, 100), kept.get(2..).unwrap());
    let kills = given::read(store, |reads| reads.list_kills(LONG_AGO));
    let kept_kills = kept.iter().filter(|change| change.tokens_before == TokensBefore::Dead);
    assert!(kills.iter().eq(kept_kills), "{kills:?}");
    assert_eq!(given::keep_books(store, |books| books.purge_changes(fixtures::later(100))), 4);
    assert_eq!(listed(store, 0, 100), []);
    assert_eq!(given::read(store, |reads| reads.change_sequence()), ChangeSequence::from_number(9));
    let scope = ChangeScope::Instance(fixtures::instance(1).id);
    let next =
        given::mutate(store, |writes| writes.record_change(scope, TokensBefore::Live, fixtures::START));
    assert_eq!(next, ChangeSequence::from_number(10));
}

/// The last one that it recorded itself, whatever was recorded before it.
pub fn a_mutation_returns_its_last_change(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let scope = ChangeScope::Instance(instance.id);
    for (recorded, expected) in [(0, None), (1, Some(1)), (0, None), (3, Some(4)), (0, None)] {
        let outcome = store.mutate_erased(&mut |writes| {
            for _ in 0..recorded {
                writes.record_change(scope, TokensBefore::Live, fixtures::START)?;
            }
            Ok(())
        });
        assert_eq!(outcome.unwrap(), expected.map(ChangeSequence::from_number));
    }
    let failed = store.mutate_erased(&mut |writes| {
        writes.record_change(scope, TokensBefore::Live, fixtures::START)?;
        Err(StoreError::Database("made up".into()))
    });
    assert!(failed.is_err());
    assert_eq!(store.mutate_erased(&mut |_| Ok(())).unwrap(), None);
}
