//! Sessions of people.

use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::session::Session;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// In every state, by handle and by id; the list of a user has those that have neither ended nor expired, newest first.
pub fn every_form_of_a_session_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let (user, other) = (given::user(store, &instance, 1), given::user(store, &instance, 2));
    let by_key = Authentication::by(AuthenticationMethod::Passkey, fixtures::later(1));
    let two = Authentication::by(AuthenticationMethod::Password, fixtures::later(2))
        .and(AuthenticationMethod::RecoveryCode, fixtures::later(3));
    let forms = [
        fixtures::session(&user, 1),
        Session { authentication: by_key, user_agent: String::new(), ..fixtures::session(&user, 2) },
        Session { authentication: two, sequence: ChangeSequence::ZERO, ..fixtures::session(&user, 3) },
        Session { expires_at: fixtures::later(5), ..fixtures::session(&user, 4) },
        Session { ended_at: Some(fixtures::later(4)), ..fixtures::session(&user, 5) },
        fixtures::session(&other, 6),
    ];
    for (form, number) in forms.iter().zip(1..) {
        let handle = fixtures::hash(number);
        given::admit(store, |admits| {
            assert_eq!(admits.insert_session(form, &handle)?, Inserted::Inserted);
            assert_eq!(admits.insert_session(&fixtures::session(&user, 99), &handle)?, Inserted::Conflict);
            assert_eq!(admits.find_session(instance.id, &handle)?.as_ref(), Some(form));
            assert_eq!(admits.find_session_by_id(instance.id, form.id)?.as_ref(), Some(form));
            Ok(())
        });
    }
    let [first, second, third, expired, ..] = forms;
    given::read(store, |reads| {
        let listed = |at| reads.list_sessions(instance.id, user.id, fixtures::later(at));
        let mut listed = listed;
        assert_eq!(listed(4)?, [expired, third.clone(), second.clone(), first.clone()]);
        assert_eq!(listed(5)?, [third, second, first]);
        assert_eq!(reads.find_session(instance.id, &fixtures::hash(9))?, None);
        Ok(())
    });
}

/// The old handle is nobody's any more; what has ended or expired is not renewed.
pub fn a_renewed_session_has_another_handle(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let user = given::user(store, &instance, 1);
    let session = given::session(store, &user, 1);
    let [old, new] = [1, 2].map(fixtures::hash);
    let now = fixtures::later(60);
    let again = Authentication::by(AuthenticationMethod::Passkey, now);
    given::mutate(store, |writes| {
        assert_eq!(writes.renew_session(instance.id, session.id, &new, &again, now)?, Updated::Updated);
        assert_eq!(writes.find_session(instance.id, &old)?, None);
        let renewed = Session { authentication: again.clone(), last_seen_at: now, ..session.clone() };
        assert_eq!(writes.find_session(instance.id, &new)?.as_ref(), Some(&renewed));
        let late = session.expires_at;
        assert_eq!(writes.renew_session(instance.id, session.id, &old, &again, late)?, Updated::Stale);
        assert_eq!(writes.end_session(instance.id, user.id, session.id, now)?, Updated::Updated);
        assert_eq!(writes.renew_session(instance.id, session.id, &old, &again, now)?, Updated::Stale);
        assert_eq!(writes.find_session(instance.id, &old)?, None);
        Ok(())
    });
}

/// Whatever the order in which uses arrive.
pub fn a_session_is_seen_later_and_later(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let user = given::user(store, &instance, 1);
    let (session, bystander) = (given::session(store, &user, 1), given::session(store, &user, 2));
    for (seen, expected) in [(60, 60), (30, 60), (90, 90)] {
        let (seen, expected) = (fixtures::later(seen), fixtures::later(expected));
        given::admit(store, |admits| admits.touch_session(instance.id, session.id, seen));
        let found = given::read(store, |reads| reads.find_session_by_id(instance.id, session.id));
        assert_eq!(found.unwrap().last_seen_at, expected);
    }
    let found = given::read(store, |reads| reads.find_session_by_id(instance.id, bystander.id));
    assert_eq!(found, Some(bystander));
}

/// The second end is stale and leaves the time of the first; so is that of another user's session.
pub fn a_session_ends_once(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let (user, other) = (given::user(store, &instance, 1), given::user(store, &instance, 2));
    let (session, bystander) = (given::session(store, &user, 1), given::session(store, &user, 2));
    let [first, second] = [1, 2].map(fixtures::later);
    given::mutate(store, |writes| {
        assert_eq!(writes.end_session(instance.id, other.id, session.id, first)?, Updated::Stale);
        for (at, expected) in [(first, Updated::Updated), (second, Updated::Stale)] {
            assert_eq!(writes.end_session(instance.id, user.id, session.id, at)?, expected);
        }
        let ended = Session { ended_at: Some(first), ..session.clone() };
        assert_eq!(writes.find_session_by_id(instance.id, session.id)?, Some(ended));
        assert_eq!(writes.list_sessions(instance.id, user.id, fixtures::START)?, [bystander]);
        Ok(())
    });
}
