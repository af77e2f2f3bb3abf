//! Counts of tokens, hour by hour.

use turnkeep_domain::app::App;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_storage::outcome::{Deleted, Updated};
use turnkeep_storage::store::Store;
use turnkeep_storage::token_counts::{
    AppTokenCounts, CountedApp, CountedApps, RefusalCount, RefusedFor, TokenCount, TokenHour, TokenTotals,
};

use super::given;

const HOUR: i64 = 3_600;
/// A midnight.
const DAY: i64 = 20_000 * 24 * HOUR;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_secs(DAY + hour * HOUR)
}

/// Whose tokens those of an app are.
pub(super) fn counted(app: &App) -> CountedApp {
    CountedApp { instance_id: app.instance_id, tenant_id: app.tenant_id, app_id: app.id }
}

fn issued(app: &App, hour: i64, issued: u64) -> TokenCount {
    TokenCount { app: counted(app), hour_start: at(hour), issued, refused: 0, would_refuse: 0 }
}

fn add(store: &dyn Store, counts: &[TokenCount]) {
    given::keep_books(store, |books| books.add_token_counts(counts));
}

fn totals(store: &dyn Store, app: CountedApp, hour: i64) -> (u64, u64) {
    let TokenTotals { in_hour, in_day } = given::read(store, |reads| reads.find_token_totals(&app, at(hour)));
    (in_hour, in_day)
}

fn listed(store: &dyn Store, instance_id: InstanceId, apps: CountedApps, since: i64) -> Vec<AppTokenCounts> {
    given::read(store, |reads| reads.list_token_counts(instance_id, apps, at(since), 10))
}

/// In one batch and in several, up to the asked hour of its own day.
pub fn what_is_counted_adds_up_by_hour_and_day(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    assert_eq!(totals(store, counted(&app), 5), (0, 0));
    add(store, &[]);
    add(store, &[issued(&app, 5, 3), issued(&app, -1, 100), issued(&app, 5, 4), issued(&app, 0, 20)]);
    assert_eq!(totals(store, counted(&app), 5), (7, 27));
    add(store, &[issued(&app, 6, 1), issued(&app, 5, 1)]);
    for (hour, expected) in [(5, (8, 28)), (6, (1, 29)), (7, (0, 29)), (24, (0, 0)), (-1, (100, 100))] {
        assert_eq!(totals(store, counted(&app), hour), expected, "{hour}");
    }
    given::keep_books(store, |books| {
        assert_eq!(books.find_token_totals(&counted(&app), at(6))?, TokenTotals { in_hour: 1, in_day: 29 });
        Ok(())
    });
}

/// First those with the most tokens for each lifetime; in each line everything that was counted.
pub fn a_report_begins_with_the_busiest_app(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let [modest, busy, brief] = [1, 2, 3].map(|number| given::app(store, &tenant, number));
    let short_lived = {
        let mut changed = App { version: brief.version.next(), ..brief.clone() };
        changed.settings.token_lifetime = TokenLifetime::from_secs(60).unwrap();
        assert_eq!(
            given::mutate(store, |writes| writes.update_app(&changed, brief.version)),
            Updated::Updated
        );
        changed
    };
    add(
        store,
        &[
            issued(&modest, 0, 4),
            issued(&busy, 0, 2),
            TokenCount { refused: 5, would_refuse: 6, ..issued(&busy, 1, 30) },
            TokenCount { refused: 1, ..issued(&busy, -1, 1_000) },
            issued(&short_lived, 1, 50),
        ],
    );
    let lines = listed(store, instance.id, CountedApps::OfInstance, 0);
    let ids: Vec<_> = lines.iter().map(|line| line.app_id).collect();
    // 30 × 900 s, 4 × 900 s, 50 × 60 s.
    assert_eq!(ids, [busy.id, modest.id, short_lived.id]);
    let expected = AppTokenCounts {
        tenant_id: tenant.id,
        app_id: busy.id,
        client_id: busy.client_id.clone(),
        name: busy.settings.name.clone(),
        token_lifetime: busy.settings.token_lifetime,
        issued: 32,
        refused: 5,
        would_refuse: 6,
        busiest_hour: 30,
    };
    assert_eq!(lines.first(), Some(&expected));
    let since_before = listed(store, instance.id, CountedApps::OfInstance, -1);
    assert_eq!(since_before.first().map(|line| (line.issued, line.refused)), Some((1_032, 6)));
    let one =
        given::read(store, |reads| reads.list_token_counts(instance.id, CountedApps::OfInstance, at(0), 1));
    assert_eq!(one, [expected]);
}

/// Counts go to whom they are of, and are shown to nobody else; what is counted of an app that is gone counts on, but
/// is in no report.
pub fn counts_are_shown_to_whom_they_belong(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let (tenant, other) = (given::tenant(store, &here, 1), given::tenant(store, &here, 2));
    let (app, bystander) = (given::app(store, &tenant, 1), given::app(store, &other, 2));
    add(store, &[issued(&app, 0, 1), issued(&bystander, 0, 2)]);
    let shown = |instance_id, apps| -> Vec<u64> {
        listed(store, instance_id, apps, 0).into_iter().map(|line| line.issued).collect()
    };
    assert_eq!(shown(here.id, CountedApps::OfInstance), [2, 1]);
    assert_eq!(shown(here.id, CountedApps::OfTenant(tenant.id)), [1]);
    assert_eq!(shown(here.id, CountedApps::One(tenant.id, app.id)), [1]);
    assert_eq!(shown(here.id, CountedApps::One(other.id, app.id)), [0_u64; 0]);
    assert_eq!(shown(there.id, CountedApps::OfInstance), [0_u64; 0]);
    assert_eq!(shown(there.id, CountedApps::OfTenant(tenant.id)), [0_u64; 0]);
    let foreign_tenant = CountedApp { tenant_id: other.id, ..counted(&app) };
    let foreign_instance = CountedApp { instance_id: there.id, ..counted(&app) };
    assert_eq!(totals(store, foreign_tenant, 0), (0, 0));
    assert_eq!(totals(store, foreign_instance, 0), (0, 0));
    let deleted = given::mutate(store, |writes| writes.delete_app(here.id, tenant.id, app.id));
    assert_eq!(deleted, Deleted::Deleted);
    add(store, &[issued(&app, 0, 5)]);
    assert_eq!(totals(store, counted(&app), 0), (6, 6));
    assert_eq!(shown(here.id, CountedApps::OfInstance), [2]);
}

/// Those that began before, of all instances.
pub fn old_hours_are_purged(store: &dyn Store) {
    let apps = [1, 2].map(|number| {
        let instance = given::instance(store, number);
        given::app(store, &given::tenant(store, &instance, number), number)
    });
    let counts: Vec<_> = apps.iter().flat_map(|app| [issued(app, 0, 1), issued(app, 1, 2)]).collect();
    add(store, &counts);
    for expected in [2, 0] {
        assert_eq!(given::keep_books(store, |books| books.purge_token_counts(at(1))), expected);
    }
    for app in &apps {
        assert_eq!(totals(store, counted(app), 1), (2, 2));
    }
}

/// From an hour on, those in which nothing was issued but much refused included.
pub fn the_hours_of_an_app_are_listed_in_order(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let [app, other] = [1, 2].map(|number| given::app(store, &tenant, number));
    let refused = TokenCount { refused: 9, ..issued(&app, 3, 0) };
    add(
        store,
        &[issued(&app, 5, 2), refused, issued(&app, -1, 7), issued(&app, 5, 1), issued(&other, 5, 50)],
    );
    let hours = |app: &CountedApp, since: i64| -> Vec<(Timestamp, u64)> {
        let hours = given::read(store, |reads| reads.list_token_hours(app, at(since)));
        hours.into_iter().map(|TokenHour { hour_start, issued }| (hour_start, issued)).collect()
    };
    assert_eq!(hours(&counted(&app), 0), [(at(3), 0), (at(5), 3)]);
    assert_eq!(hours(&counted(&app), -1), [(at(-1), 7), (at(3), 0), (at(5), 3)]);
    assert_eq!(hours(&counted(&app), 6), []);
    let there = CountedApp { instance_id: given::instance(store, 2).id, ..counted(&app) };
    assert_eq!(hours(&there, -1), []);
}

fn refused(app: &App, hour: i64, code: &'static str, refused: u64) -> RefusalCount {
    RefusalCount { app: counted(app), hour_start: at(hour), code, refused }
}

fn refusals(store: &dyn Store, instance_id: InstanceId, apps: CountedApps, since: i64) -> Vec<(String, u64)> {
    let refusals = given::read(store, |reads| reads.list_refusals(instance_id, apps, at(since)));
    refusals.into_iter().map(|RefusedFor { code, refused }| (code, refused)).collect()
}

/// Over batches and hours; the most frequent first, and of equals by their codes.
pub fn refusals_add_up_by_reason(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let here = |code: &str, refused| (code.to_owned(), refused);
    given::keep_books(store, |books| {
        books.add_refusal_counts(&[])?;
        books.add_refusal_counts(&[
            refused(&app, 1, "app_disabled", 2),
            refused(&app, 0, "token_quota_exceeded", 5),
            refused(&app, 1, "app_disabled", 1),
            refused(&app, -1, "app_disabled", 100),
        ])?;
        books.add_refusal_counts(&[refused(&app, 1, "no_scope", 5), refused(&app, 2, "app_disabled", 3)])
    });
    let all = CountedApps::OfInstance;
    let expected = [here("app_disabled", 6), here("no_scope", 5), here("token_quota_exceeded", 5)];
    assert_eq!(refusals(store, instance.id, all, 0), expected);
    assert_eq!(refusals(store, instance.id, all, 2), [here("app_disabled", 3)]);
    assert_eq!(refusals(store, instance.id, all, -1).first(), Some(&here("app_disabled", 106)));
}

/// And to nobody else; old hours go away, of all instances.
pub fn refusals_are_shown_to_whom_they_belong_and_purged(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let (tenant, other) = (given::tenant(store, &here, 1), given::tenant(store, &here, 2));
    let (app, bystander) = (given::app(store, &tenant, 1), given::app(store, &other, 2));
    given::keep_books(store, |books| {
        books.add_refusal_counts(&[refused(&app, 0, "no_scope", 1), refused(&bystander, 1, "no_scope", 2)])
    });
    let shown = |instance_id, apps| -> Vec<u64> {
        refusals(store, instance_id, apps, 0).into_iter().map(|(_, refused)| refused).collect()
    };
    assert_eq!(shown(here.id, CountedApps::OfInstance), [3]);
    assert_eq!(shown(here.id, CountedApps::OfTenant(tenant.id)), [1]);
    assert_eq!(shown(here.id, CountedApps::One(tenant.id, app.id)), [1]);
    assert_eq!(shown(here.id, CountedApps::One(other.id, app.id)), [0_u64; 0]);
    assert_eq!(shown(there.id, CountedApps::OfInstance), [0_u64; 0]);
    assert_eq!(shown(there.id, CountedApps::OfTenant(tenant.id)), [0_u64; 0]);
    for expected in [1, 0] {
        assert_eq!(given::keep_books(store, |books| books.purge_refusal_counts(at(1))), expected);
    }
    assert_eq!(shown(here.id, CountedApps::OfInstance), [2]);
}
