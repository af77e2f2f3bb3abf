//! Removing what is left of sign-ins.

use std::time::Duration;

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::session::Session;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn purge(store: &dyn Store, ended_before: Timestamp) -> u32 {
    given::keep_books(store, |books| books.purge_sign_ins(ended_before))
}

/// Not before the given time has passed their end; grants go with their codes and refresh tokens.
pub fn what_ended_is_purged(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let user = given::user(store, &instance, 1);
    let (session, ended) = (given::session(store, &user, 1), given::session(store, &user, 2));
    let grant = given::person_grant(store, &app, &session, 1);
    let revoked = given::person_grant(store, &app, &session, 2);
    let link = fixtures::account_link(instance.id, AccountLinkPurpose::Welcome(user.id));
    let end = fixtures::later(100);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_account_link(&link, &fixtures::hash(1))?, Inserted::Inserted);
        assert_eq!(writes.end_session(instance.id, user.id, ended.id, end)?, Updated::Updated);
        assert_eq!(writes.revoke_grant(instance.id, revoked.id, end)?, Updated::Updated);
        Ok(())
    });
    let moment = Duration::from_micros(1);
    assert_eq!(session.expires_at, grant.expires_at);
    for (before, expected) in [
        (end, 0),
        (end.plus(moment), 2),
        (session.expires_at, 0),
        (session.expires_at.plus(moment), 2),
        (link.expires_at, 0),
        (link.expires_at.plus(moment), 1),
    ] {
        assert_eq!(purge(store, before), expected, "{before:?}");
        let is_gone = session.expires_at < before;
        given::read(store, |reads| {
            assert_eq!(reads.find_session_by_id(instance.id, session.id)?.is_none(), is_gone);
            assert_eq!(reads.find_grant(instance.id, grant.id)?.is_none(), is_gone);
            assert_eq!(reads.find_code(instance.id, &fixtures::hash(1))?.is_none(), is_gone);
            assert_eq!(reads.find_refresh_token(instance.id, &fixtures::hash(1))?.is_none(), is_gone);
            Ok(())
        });
    }
    given::read(store, |reads| {
        assert_eq!(reads.find_refresh_token(instance.id, &fixtures::hash(2))?, None);
        assert_eq!(reads.find_account_link(instance.id, &fixtures::hash(1))?, None);
        Ok(())
    });
}

/// One transaction removes so much and no more, the oldest first; the next goes on.
pub fn a_purge_is_bounded(store: &dyn Store) {
    const SESSIONS: u32 = 501;
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let user = given::user(store, &instance, 1);
    given::admit(store, |admits| {
        for number in 1..=SESSIONS {
            let expires_at = fixtures::later((1_000 - number).into());
            let session = Session { expires_at, ..fixtures::session(&user, number) };
            assert_eq!(admits.insert_session(&session, &fixtures::hash(number))?, Inserted::Inserted);
            let grant = PersonGrant { expires_at, ..fixtures::person_grant(&app, &session, number) };
            let code = fixtures::authorization_code(&grant);
            let _inserted = admits.insert_grant(&grant, &code, &fixtures::hash(number))?;
        }
        Ok(())
    });
    assert_eq!(purge(store, fixtures::later(2_000)), 1_000);
    let left = given::read(store, |reads| reads.list_sessions(instance.id, user.id, fixtures::START));
    assert_eq!(left.iter().map(|session| session.expires_at).collect::<Vec<_>>(), [fixtures::later(999)]);
    assert_eq!(purge(store, fixtures::later(2_000)), 2);
    assert_eq!(purge(store, fixtures::later(2_000)), 0);
}
