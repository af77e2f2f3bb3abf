//! Logout tokens that have to be delivered.

use turnkeep_domain::app::App;
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::session::Session;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::logout_notice::NoticeLimits;
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
    take_some(store, now, retry_at, NoticeLimits { all: limit, of_an_app: limit })
}

fn take_some(store: &dyn Store, now: u64, retry_at: u64, limits: NoticeLimits) -> Vec<LogoutNotice> {
    let (now, retry_at) = (fixtures::later(now), fixtures::later(retry_at));
    given::keep_books(store, |books| books.take_logout_notices(now, retry_at, limits))
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

/// Apps of two tenants, with notices that are due at these times; they are numbered from 1 on in this order.
fn given_notices<const N: usize>(store: &dyn Store, due_at: [&[u64]; N]) {
    let instance = given::instance(store, 1);
    let session = given::session(store, &given::user(store, &instance, 1), 1);
    let tenants = [1, 2].map(|number| given::tenant(store, &instance, number));
    let mut notices = Vec::new();
    for ((app, tenant), due_at) in (1..).zip(tenants.iter().cycle()).zip(due_at) {
        let app = given::app(store, tenant, app);
        for secs in due_at {
            let number = u32::try_from(notices.len()).unwrap() + 1;
            let (due_at, created_at) = (fixtures::later(*secs), fixtures::later(number.into()));
            let notice = fixtures::logout_notice(&app, &session, number);
            notices.push(LogoutNotice { due_at, created_at, ..notice });
        }
    }
    given::mutate(store, |writes| notices.iter().try_for_each(|notice| writes.insert_logout_notice(notice)));
}

/// The numbers of those that are taken.
fn numbers(store: &dyn Store, now: u64, retry_at: u64, limits: NoticeLimits) -> Vec<i64> {
    let taken = take_some(store, now, retry_at, limits);
    taken.iter().map(|notice| notice.created_at.as_secs() - fixtures::START.as_secs()).collect()
}

/// However long its notices have been waiting.
pub fn an_app_with_many_notices_leaves_room_for_others(store: &dyn Store) {
    given_notices(store, [&[1; 20], &[4, 3, 2], &[5]]);
    let limits = NoticeLimits { all: 6, of_an_app: 4 };
    assert_eq!(numbers(store, 9, 100, limits), [1, 23, 24, 2, 22, 3], "one of each, and again");
    assert_eq!(numbers(store, 9, 100, limits), [4, 21, 5, 6, 7]);
    assert_eq!(numbers(store, 9, 100, limits), [8, 9, 10, 11], "no more of one app");
}

/// The others are told first, also if they have been waiting for a shorter time.
pub fn an_app_that_has_not_taken_a_notice_comes_last(store: &dyn Store) {
    given_notices(store, [&[1; 4], &[2; 4], &[3]]);
    let limits = NoticeLimits { all: 2, of_an_app: 4 };
    assert_eq!(numbers(store, 9, 20, limits), [1, 5]);
    assert_eq!(numbers(store, 9, 20, limits), [9, 2]);
    assert_eq!(numbers(store, 9, 20, limits), [3, 6]);
    // All that was taken is due again, so nobody is known not to answer.
    assert_eq!(numbers(store, 20, 30, NoticeLimits { all: 3, of_an_app: 4 }), [4, 7, 9]);
}
