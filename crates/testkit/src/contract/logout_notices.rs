//! Logout tokens that have to be delivered.

use turnkeep_domain::app::App;
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::session::Session;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_session(store: &dyn Store) -> (App, Session) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let user = given::user(store, &instance, 1);
    (app, given::session(store, &user, 1))
}

fn take(store: &dyn Store, now: u64, retry_at: u64, limit: u32) -> Vec<LogoutNotice> {
    let (now, retry_at) = (fixtures::later(now), fixtures::later(retry_at));
    given::keep_books(store, |books| books.take_logout_notices(now, retry_at, limit))
}

/// The oldest first, and not again before the time that was said.
pub fn a_due_notice_is_taken_until_it_is_delivered(store: &dyn Store) {
    let (app, session) = given_session(store);
    let notice = |number: u32, due_at: Timestamp| LogoutNotice {
        due_at,
        ..fixtures::logout_notice(&app, &session, number)
    };
    let notices =
        [notice(1, fixtures::later(5)), notice(2, fixtures::later(3)), notice(3, fixtures::later(50))];
    given::mutate(store, |writes| notices.iter().try_for_each(|notice| writes.insert_logout_notice(notice)));
    let [one, two, _] = notices;
    let taken = |notice: LogoutNotice, attempts: u32, at: u64| LogoutNotice {
        attempts,
        due_at: fixtures::later(at),
        ..notice
    };
    assert_eq!(take(store, 2, 9, 10), []);
    assert_eq!(take(store, 5, 10, 1), [taken(two, 1, 10)]);
    assert_eq!(take(store, 9, 20, 10), [taken(one, 1, 20)]);
    assert_eq!(take(store, 9, 20, 10), []);
    assert_eq!(take(store, 10, 30, 10), [taken(two, 2, 30)]);
    let instance_id = app.instance_id;
    given::keep_books(store, |books| books.put_off_logout_notice(instance_id, two.id, fixtures::later(40)));
    given::keep_books(store, |books| books.delete_logout_notice(instance_id, one.id));
    assert_eq!(take(store, 39, 100, 10), []);
    assert_eq!(take(store, 40, 100, 10), [taken(two, 3, 100)]);
}
