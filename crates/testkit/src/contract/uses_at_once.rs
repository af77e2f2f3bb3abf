//! What works once, when many present it at the same moment to several nodes.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::app::App;
use turnkeep_domain::session::Session;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::logout_notice::NoticeLimits;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::{Admits, Store};

use super::given;
use super::nodes::{Open, at_once, count};
use crate::fixtures;

const HASH: [u8; 32] = fixtures::hash(1);

fn given_session(store: &dyn Store) -> (App, Session) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let user = given::user(store, &instance, 1);
    (app, given::session(store, &user, 1))
}

fn assert_one_wins(open: Open<'_>, work: impl Fn(&mut dyn Admits) -> StoreResult<Updated> + Sync) {
    let outcomes = at_once(open, |node, _| given::admit(node, |admits| work(admits)));
    assert_eq!(count(&outcomes, &Updated::Updated), 1);
    assert_eq!(count(&outcomes, &Updated::Stale), outcomes.len() - 1);
}

/// All others find it redeemed.
pub fn exactly_one_of_many_redeems_a_code(open: Open<'_>) {
    let store = open();
    let (app, session) = given_session(&*store);
    given::person_grant(&*store, &app, &session, 1);
    assert_one_wins(open, |admits| admits.redeem_code(app.instance_id, &HASH, fixtures::START));
}

/// All others find it used.
pub fn exactly_one_of_many_uses_a_refresh_token(open: Open<'_>) {
    let store = open();
    let (app, session) = given_session(&*store);
    given::person_grant(&*store, &app, &session, 1);
    assert_one_wins(open, |admits| admits.use_refresh_token(app.instance_id, &HASH, fixtures::START));
}

/// All others find it used.
pub fn exactly_one_of_many_uses_a_time_step(open: Open<'_>) {
    let store = open();
    let (app, session) = given_session(&*store);
    let (instance_id, user_id) = (app.instance_id, session.user_id);
    given::mutate(&*store, |writes| writes.put_totp(instance_id, user_id, &fixtures::totp(1)));
    assert_one_wins(open, |admits| admits.use_totp_step(instance_id, user_id, 7));
}

/// All others find it used.
pub fn exactly_one_of_many_uses_a_recovery_code(open: Open<'_>) {
    let store = open();
    let (app, session) = given_session(&*store);
    let (instance_id, user_id) = (app.instance_id, session.user_id);
    given::mutate(&*store, |writes| writes.put_recovery_codes(instance_id, user_id, &[HASH]));
    assert_one_wins(open, |admits| admits.use_recovery_code(instance_id, user_id, &HASH, fixtures::START));
}

/// All others find it used.
pub fn exactly_one_of_many_uses_an_account_link(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let link = fixtures::account_link(instance.id, AccountLinkPurpose::FirstOperator);
    let inserted = given::admit(&*store, |admits| admits.insert_account_link(&link, &HASH));
    assert_eq!(inserted, Inserted::Inserted);
    let outcomes = at_once(open, |node, _| {
        given::mutate(node, |writes| writes.use_account_link(instance.id, &HASH, fixtures::START))
    });
    assert_eq!(count(&outcomes, &Updated::Updated), 1);
}

/// Nobody runs into anybody else's consent; the last one stands.
pub fn many_give_the_same_consent(open: Open<'_>) {
    let store = open();
    let (app, session) = given_session(&*store);
    let user = fixtures::user(&fixtures::instance(1), 1);
    at_once(open, |node, _| given::admit(node, |admits| admits.put_consent(&fixtures::consent(&app, &user))));
    let found = given::read(&*store, |reads| reads.list_consents(app.instance_id, session.user_id));
    assert_eq!(found, [fixtures::consent(&app, &user)]);
}

/// Every due notice goes to one node.
pub fn no_two_nodes_take_the_same_notice(open: Open<'_>) {
    const NOTICES: u32 = 30;
    let store = open();
    let (app, session) = given_session(&*store);
    given::mutate(&*store, |writes| {
        (1..=NOTICES).try_for_each(|number| {
            writes.insert_logout_notice(&fixtures::logout_notice(&app, &session, number))
        })
    });
    let (now, retry_at) = (fixtures::later(1), fixtures::later(60));
    let limits = NoticeLimits { all: 10, of_an_app: 10 };
    let taken = at_once(open, |node, _| {
        given::keep_books(node, |books| books.take_logout_notices(now, retry_at, limits))
    });
    let mut ids: Vec<_> = taken.iter().flatten().map(|notice| notice.id).collect();
    let number = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), number);
    assert!(taken.iter().flatten().all(|notice| notice.attempts == 1));
}
