//! Which indexes SQLite uses for what the store asks. Statements are taken from the store itself.

use std::cell::RefCell;
use std::sync::Arc;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use tempfile::TempDir;
use turnkeep_domain::app::AppState;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::{AppFilter, AuditFilter, TenantFilter, UserFilter};
use turnkeep_domain::id::{AppId, InstanceId, PlanId, SessionId, TenantId, UserId};
use turnkeep_domain::page::{AuditPage, Direction, Order, Page};
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_storage::bookkeeping::Bookkeeping;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::logout_notice::NoticeLimits;
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_storage::store::{Reads, Store};
use turnkeep_storage::token_counts::{CountedApp, CountedApps};
use turnkeep_testkit::fixtures;

use crate::backends::{migrated_sqlite, open};

thread_local! {
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Connections are made by other threads, but used by that of the test.
fn recorder() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            STATEMENTS.with_borrow_mut(|statements| statements.push(query.to_string()));
        }
    }))
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps by which SQLite runs the one statement with a table that the work consists of.
fn plan(raw: &mut SqliteConnection, work: &dyn Fn()) -> Vec<String> {
    let mut plans = plans(raw, work);
    assert_eq!(plans.len(), 1);
    plans.remove(0)
}

/// The steps of each statement with a table.
fn plans(raw: &mut SqliteConnection, work: &dyn Fn()) -> Vec<Vec<String>> {
    STATEMENTS.take();
    work();
    let statements = STATEMENTS.take();
    let of_tables = statements.iter().filter(|text| text.contains(" FROM "));
    let plans: Vec<Vec<String>> = of_tables.map(|statement| explain(raw, statement)).collect();
    assert!(!plans.is_empty(), "the statements are found");
    plans
}

fn explain(raw: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let (statement, _) = statement.split_once("-- binds").unwrap();
    let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(raw).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

fn instance() -> InstanceId {
    fixtures::instance(1).id
}

fn client_id() -> ClientId {
    ClientId::parse("com.example/app-1").unwrap()
}

fn tenant() -> TenantId {
    fixtures::tenant(&fixtures::instance(1), 1).id
}

fn user() -> UserId {
    fixtures::user(&fixtures::instance(1), 1).id
}

fn app() -> AppId {
    AppId::from_bytes([1; 16])
}

fn counted() -> CountedApp {
    CountedApp { instance_id: instance(), tenant_id: tenant(), app_id: AppId::from_bytes([0; 16]) }
}

/// The page behind some record.
fn behind<Id>(by_name: bool, id: Id) -> Page<Id> {
    let order = if by_name {
        Order::Name { after: Some((String::new(), id)) }
    } else {
        Order::Created { after: Some(id) }
    };
    Page { order, ..Page::first(10) }
}

fn apps(
    reads: &mut dyn Reads,
    of: Option<TenantId>,
    by_name: bool,
    state: Option<AppState>,
) -> StoreResult<()> {
    let filter = AppFilter { state, ..AppFilter::default() };
    let page = behind(by_name, AppId::from_bytes([0; 16]));
    match of {
        Some(tenant_id) => reads.list_apps(instance(), tenant_id, &filter, &page).map(drop),
        None => reads.list_apps_of_instance(instance(), &filter, &page).map(drop),
    }
}

fn tenants(reads: &mut dyn Reads, by_name: bool, state: Option<TenantState>) -> StoreResult<()> {
    let filter = TenantFilter { state, ..TenantFilter::default() };
    reads.list_tenants(instance(), &filter, &behind(by_name, tenant())).map(drop)
}

fn trail(reads: &mut dyn Reads, filter: &AuditFilter) -> StoreResult<()> {
    let page = AuditPage { after: Some(9), direction: Direction::Descending, limit: 10 };
    reads.list_audit_trail(instance(), filter, page).map(drop)
}

type Read = fn(&mut dyn Reads) -> StoreResult<()>;

/// What is read, and what its plan says: perhaps an index, and the columns that are searched by.
const READS: &[(Read, &str)] = &[
    (
        |reads| reads.find_app_by_client_id(instance(), &client_id()).map(drop),
        "(instance_id=? AND client_id=?)",
    ),
    (|reads| apps(reads, Some(tenant()), true, None), "(instance_id=? AND tenant_id=? AND name_key>?)"),
    (|reads| apps(reads, Some(tenant()), false, None), "(instance_id=? AND tenant_id=? AND id>?)"),
    (|reads| apps(reads, None, true, None), "apps_by_name (instance_id=? AND name_key>?)"),
    (|reads| apps(reads, None, false, None), "(instance_id=? AND id>?)"),
    (
        |reads| apps(reads, None, false, Some(AppState::Disabled)),
        "apps_by_state (instance_id=? AND state=? AND id>?)",
    ),
    (
        |reads| reads.count_apps_on_plan(instance(), PlanId::from_bytes([0; 16])).map(drop),
        "COVERING INDEX apps_on_plan_by_tenant (instance_id=? AND plan_id=?)",
    ),
    (|reads| reads.find_platform_app(instance()).map(drop), "apps_by_origin (instance_id=? AND origin=?)"),
    (|reads| reads.list_plans_of_apps(instance(), tenant()).map(drop), "(instance_id=? AND tenant_id=?)"),
    (|reads| tenants(reads, true, None), "(instance_id=? AND name_key>?)"),
    (
        |reads| tenants(reads, false, Some(TenantState::Closed)),
        "tenants_by_state (instance_id=? AND state=? AND id>?)",
    ),
    (
        |reads| reads.list_users(instance(), &UserFilter::default(), &behind(true, user())).map(drop),
        "(instance_id=? AND name>?)",
    ),
    (|reads| trail(reads, &AuditFilter::default()), "(instance_id=? AND position<?)"),
    (
        |reads| trail(reads, &AuditFilter { tenant_id: Some(tenant()), ..AuditFilter::default() }),
        "audit_trail_of_tenant (instance_id=? AND tenant_id=? AND position<?)",
    ),
    (
        |reads| trail(reads, &AuditFilter { object: Some(String::new()), ..AuditFilter::default() }),
        "audit_trail_of_object (instance_id=? AND object=? AND position<?)",
    ),
    (
        |reads| trail(reads, &AuditFilter { actor: Some(String::new()), ..AuditFilter::default() }),
        "audit_trail_of_actor (instance_id=? AND actor=? AND position<?)",
    ),
    (
        |reads| reads.list_memberships_of_user(instance(), user()).map(drop),
        "memberships_of_user (instance_id=? AND user_id=?)",
    ),
    (|reads| reads.list_members(instance(), tenant()).map(drop), "(instance_id=? AND tenant_id=?)"),
    (
        |reads| reads.find_invitation_by_handle(instance(), &[0; 32]).map(drop),
        "(instance_id=? AND handle_hash=?)",
    ),
    (
        |reads| reads.find_management_token(instance(), &[0; 32]).map(drop),
        "(instance_id=? AND handle_hash=?)",
    ),
    (
        |reads| reads.list_management_tokens(instance(), user()).map(drop),
        "management_tokens_of_user (instance_id=? AND user_id=?)",
    ),
    (|reads| reads.list_storage_configs(instance(), None, 10).map(drop), "(instance_id=? AND app_id>?)"),
    (|reads| reads.list_changes(ChangeSequence::ZERO, 10).map(drop), "(sequence>?)"),
    (
        |reads| reads.find_token_totals(&counted(), fixtures::START).map(drop),
        "(instance_id=? AND tenant_id=? AND app_id=? AND hour_start>? AND hour_start<?)",
    ),
    (
        |reads| {
            let (from, to) = (fixtures::START, fixtures::later(9));
            reads.list_usage(tenant(), app(), UsageWindow::Hour, from, to, 10).map(drop)
        },
        "(tenant_id=? AND app_id=? AND window_kind=? AND starts_at>? AND starts_at<?)",
    ),
    (|reads| reads.list_reported_apps(instance(), &[app()]).map(drop), "(instance_id=? AND id=?)"),
    (
        |reads| {
            let email = fixtures::email("ada@example.com");
            reads.find_user_by_email(instance(), &email).map(drop)
        },
        "users_by_email (instance_id=? AND email_key=?)",
    ),
    (|reads| reads.find_session(instance(), &[0; 32]).map(drop), "(instance_id=? AND handle_hash=?)"),
    (
        |reads| reads.list_sessions(instance(), user(), fixtures::START).map(drop),
        "sessions_of_user (instance_id=? AND user_id=?)",
    ),
    (|reads| reads.find_passkey(instance(), &[0]).map(drop), "(instance_id=? AND credential_id=?)"),
    (
        |reads| reads.list_passkeys(instance(), user()).map(drop),
        "passkeys_of_user (instance_id=? AND user_id=?)",
    ),
    (|reads| reads.find_code(instance(), &[0; 32]).map(drop), "(instance_id=? AND code_hash=?)"),
    (|reads| grants(reads, GrantsOf::User(user())), "person_grants_of_user (instance_id=? AND user_id=?)"),
    (
        |reads| grants(reads, GrantsOf::Session(SessionId::from_bytes([0; 16]))),
        "person_grants_of_session (instance_id=? AND session_id=?)",
    ),
    (|reads| reads.find_reference_token(instance(), &[0; 32]).map(drop), "(instance_id=? AND token_hash=?)"),
    (
        |reads| reads.list_reference_tokens_of_app(instance(), tenant(), app()).map(drop),
        "reference_tokens_of_app (instance_id=? AND app_id=?)",
    ),
    (
        |reads| reads.list_reference_tokens_of_user(instance(), user()).map(drop),
        "reference_tokens_of_user (instance_id=? AND user_id=?)",
    ),
];

fn grants(reads: &mut dyn Reads, of: GrantsOf) -> StoreResult<()> {
    reads.list_grants(instance(), of, fixtures::START).map(drop)
}

/// What takes a statement for each window; they have the same plan.
const READS_BY_WINDOW: &[(Read, &str)] = &[
    (
        |reads| reads.used_by_app(tenant(), app(), fixtures::START).map(drop),
        "(tenant_id=? AND app_id=? AND window_kind=? AND starts_at=?)",
    ),
    (
        |reads| reads.used_by_apps_of(tenant(), fixtures::START).map(drop),
        "usage_counts_of_tenant (tenant_id=? AND window_kind=? AND starts_at=?)",
    ),
    (
        |reads| reads.used_by_apps(&[(tenant(), app())], fixtures::START).map(drop),
        "usage_counts_by_start (window_kind=? AND starts_at=? AND app_id=?)",
    ),
];

type Note = fn(&mut dyn Bookkeeping) -> StoreResult<u32>;

const PURGES: &[(Note, &str)] = &[
    (|books| books.purge_management_tokens(fixtures::START), "management_tokens_by_expiry (expires_at<?)"),
    (
        |books| books.purge_idempotent_requests(fixtures::START),
        "idempotent_requests_by_expiry (expires_at<?)",
    ),
    (|books| books.purge_token_counts(fixtures::START), "token_counts_by_hour (hour_start<?)"),
    (|books| books.purge_refusal_counts(fixtures::START), "token_refusals_by_hour (hour_start<?)"),
    (|books| books.purge_changes(fixtures::START), "change_log_by_time (at<?)"),
    (|books| books.purge_revoked_tokens(fixtures::START), "revoked_tokens_by_expiry (expires_at<?)"),
    (|books| books.purge_single_uses(fixtures::START), "single_uses_by_expiry (expires_at<?)"),
    (|books| books.purge_usage_events(fixtures::START), "usage_events_by_receipt (received_at<?)"),
    (
        |books| books.purge_usage_counts(UsageWindow::Day, fixtures::START),
        "usage_counts_by_start (window_kind=? AND starts_at<?)",
    ),
    (
        |books| {
            let listed = books.list_expiring_secrets(fixtures::START, fixtures::later(9), 7, 10)?;
            Ok(u32::try_from(listed.len()).unwrap())
        },
        "client_secrets_by_expiry (expires_at>? AND expires_at<?)",
    ),
];

/// A store whose statements are recorded, and a connection to ask about them.
fn recorded() -> (TempDir, Arc<dyn Store>, SqliteConnection) {
    set_default_instrumentation(recorder).unwrap();
    let (dir, url) = migrated_sqlite();
    let store = open(&url);
    let raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    (dir, store, raw)
}

fn assert_plan(steps: &[String], expected: &str) {
    assert!(steps.iter().any(|step| step.contains(expected)), "{expected}: {steps:#?}");
    assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{expected}: {steps:#?}");
}

#[test]
fn lists_are_read_in_the_order_of_an_index() {
    let (_dir, store, mut raw) = recorded();
    for (read, expected) in READS {
        let steps = plan(&mut raw, &|| store.read(|reads| read(reads)).unwrap());
        assert_plan(&steps, expected);
        // At most the last term is sorted, among records that are equal in all the others.
        let sorted = steps.iter().any(|step| step == "USE TEMP B-TREE FOR ORDER BY");
        assert!(!sorted, "{expected}: {steps:#?}");
    }
}

#[test]
fn usage_of_the_present_windows_is_found_by_an_index() {
    let (_dir, store, mut raw) = recorded();
    for (read, expected) in READS_BY_WINDOW {
        for steps in plans(&mut raw, &|| store.read(|reads| read(reads)).unwrap()) {
            assert_plan(&steps, expected);
        }
    }
}

#[test]
fn times_are_found_by_an_index() {
    let (_dir, store, mut raw) = recorded();
    let (from, to) = (Some(fixtures::START), Some(fixtures::later(9)));
    let filter = AuditFilter { from, to, ..AuditFilter::default() };
    let page = AuditPage { after: None, direction: Direction::Ascending, limit: 10 };
    let steps = plan(&mut raw, &|| {
        store.read(|reads| reads.list_audit_trail(instance(), &filter, page).map(drop)).unwrap();
    });
    assert_plan(&steps, "audit_trail_by_time (instance_id=? AND at>? AND at<?)");
}

#[test]
fn a_report_of_tokens_looks_only_at_the_hours_it_is_about() {
    let (_dir, store, mut raw) = recorded();
    for (apps, expected) in [
        (CountedApps::OfInstance, "token_counts_of_instance (instance_id=? AND hour_start>?)"),
        (
            CountedApps::OfTenant(tenant()),
            "token_counts_of_tenant (instance_id=? AND tenant_id=? AND hour_start>?)",
        ),
        (
            CountedApps::One(tenant(), AppId::from_bytes([0; 16])),
            "(instance_id=? AND tenant_id=? AND app_id=? AND hour_start>?)",
        ),
    ] {
        let steps = plan(&mut raw, &|| {
            store
                .read(|reads| reads.list_token_counts(instance(), apps, fixtures::START, 10).map(drop))
                .unwrap();
        });
        assert_plan(&steps, expected);
    }
}

#[test]
fn what_pages_of_usage_show_is_looked_up_by_whom_and_when() {
    const OF_APP: &str = "(instance_id=? AND tenant_id=? AND app_id=? AND hour_start>?)";
    let (_dir, store, mut raw) = recorded();
    let app_id = AppId::from_bytes([0; 16]);
    let counted = CountedApp { instance_id: instance(), tenant_id: tenant(), app_id };
    let steps = plan(&mut raw, &|| {
        store.read(|reads| reads.list_token_hours(&counted, fixtures::START).map(drop)).unwrap();
    });
    assert_plan(&steps, OF_APP);
    for (apps, expected) in [
        (CountedApps::One(tenant(), app_id), OF_APP),
        (
            CountedApps::OfTenant(tenant()),
            "token_refusals_of_tenant (instance_id=? AND tenant_id=? AND hour_start>?)",
        ),
    ] {
        let steps = plan(&mut raw, &|| {
            store.read(|reads| reads.list_refusals(instance(), apps, fixtures::START).map(drop)).unwrap();
        });
        assert_plan(&steps, expected);
    }
    let steps = plan(&mut raw, &|| {
        let (from, to) = (fixtures::START, fixtures::later(9));
        let list =
            |reads: &mut dyn Reads| reads.list_usage_of_tenant(tenant(), UsageWindow::Day, from, to, 10);
        assert_eq!(store.read(|reads| list(reads)).unwrap(), []);
    });
    assert_plan(
        &steps,
        "usage_counts_of_tenant (tenant_id=? AND window_kind=? AND starts_at>? AND starts_at<?)",
    );
}

#[test]
fn purges_and_warnings_look_only_at_what_is_due() {
    let (_dir, store, mut raw) = recorded();
    for (note, expected) in PURGES {
        let steps = plan(&mut raw, &|| assert_eq!(store.keep_books(|books| note(books)).unwrap(), 0));
        assert_plan(&steps, expected);
    }
    let steps = plan(&mut raw, &|| {
        assert_eq!(store.mutate(|writes| writes.purge_secrets(fixtures::START)).unwrap(), 0);
    });
    assert_plan(&steps, "client_secrets_by_expiry (expires_at>? AND expires_at<?)");
    assert_plan(&steps, "client_secrets_by_revocation (revoked_at>? AND revoked_at<?)");
}

#[test]
fn what_is_left_of_sign_ins_is_purged_by_indexes() {
    let (_dir, store, mut raw) = recorded();
    let plans = plans(&mut raw, &|| {
        assert_eq!(store.keep_books(|books| books.purge_sign_ins(fixtures::START)).unwrap(), 0);
    });
    let expected = [
        "sessions_by_expiry (expires_at<?)",
        "sessions_by_end (ended_at<?)",
        "person_grants_by_expiry (expires_at<?)",
        "person_grants_by_revocation (revoked_at<?)",
        "account_links_by_expiry (expires_at<?)",
    ];
    assert_eq!(plans.len(), expected.len());
    for (steps, expected) in plans.iter().zip(expected) {
        assert_plan(steps, expected);
    }
    let steps = plan(&mut raw, &|| {
        let (now, retry_at) = (fixtures::START, fixtures::later(9));
        let limits = NoticeLimits { all: 9, of_an_app: 3 };
        assert_eq!(store.keep_books(|books| books.take_logout_notices(now, retry_at, limits)).unwrap(), []);
    });
    let by_app = "INDEX logout_notices_by_app_and_due";
    for columns in ["(app_id>?)", "(app_id=?)", "(app_id=? AND due_at>?)"] {
        assert!(steps.iter().any(|step| step.ends_with(&format!("{by_app} {columns}"))), "{steps:#?}");
    }
    // It begins at the first app, and goes on from each to the next.
    let scans: Vec<_> = steps.iter().filter(|step| step.starts_with("SCAN logout_notices")).collect();
    assert_eq!(scans, [&format!("SCAN logout_notices USING COVERING {by_app}")]);
}

#[test]
fn an_app_is_found_with_all_around_it_by_one_query() {
    let (_dir, store, mut raw) = recorded();
    let steps = plan(&mut raw, &|| {
        store.read(|reads| reads.find_live_app(instance(), &client_id()).map(drop)).unwrap();
    });
    for (table, columns) in [
        ("apps", "(instance_id=? AND client_id=?)"),
        ("tenants", "(instance_id=? AND id=?)"),
        ("users", "(instance_id=? AND id=?)"),
        ("client_secrets", "(tenant_id=? AND app_id=?)"),
        ("client_secret_digests", "(tenant_id=? AND app_id=? AND client_secret_id=?)"),
    ] {
        let search = format!("SEARCH {table} USING INDEX ");
        let found = steps.iter().any(|step| step.starts_with(&search) && step.contains(columns));
        assert!(found, "{table}: {steps:#?}");
    }
    // The counter is a single row.
    let scans: Vec<_> = steps.iter().filter(|step| step.starts_with("SCAN")).collect();
    assert_eq!(scans, ["SCAN change_counter"]);
}
