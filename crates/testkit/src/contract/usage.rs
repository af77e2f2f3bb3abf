//! Usage in Document Units is counted exactly once, whatever happens to the reports.

use std::time::Duration;

use turnkeep_domain::app::App;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsedByWindow, UsedUnits};
use turnkeep_domain::usage_window::UsageWindow::{self, Day, Hour, Month};
use turnkeep_storage::store::Store;
use turnkeep_storage::usage::{RecordedUsage, UsageCount, UsageReport};

use super::given;
use crate::fixtures::{self, START, later, usage_event};

const DAY_SECS: u64 = 86_400;

/// An instance with two tenants; `one` and `two` are the first one's apps, `other` and `reporter` the second one's.
struct Estate {
    instance: Instance,
    one: App,
    two: App,
    other: App,
    reporter: App,
}

fn estate(store: &dyn Store) -> Estate {
    let instance = given::instance(store, 1);
    let (first, second) = (given::tenant(store, &instance, 1), given::tenant(store, &instance, 2));
    Estate {
        one: given::app(store, &first, 1),
        two: given::app(store, &first, 2),
        other: given::app(store, &second, 3),
        reporter: given::app(store, &second, 4),
        instance,
    }
}

impl Estate {
    fn apps(&self) -> [&App; 4] {
        [&self.one, &self.two, &self.other, &self.reporter]
    }

    fn report(&self, events: &[UsageEvent]) -> UsageReport {
        let of = |id: AppId| self.apps().into_iter().find(|app| app.id == id).unwrap();
        UsageReport {
            instance_id: self.instance.id,
            reporter_id: self.reporter.id,
            received_at: START,
            events: events.iter().map(|event| (of(event.app_id).tenant_id, event.clone())).collect(),
        }
    }

    fn record(&self, store: &dyn Store, events: &[UsageEvent]) -> Vec<RecordedUsage> {
        let report = self.report(events);
        given::keep_books(store, |books| books.record_usage(&report))
    }
}

fn used(store: &dyn Store, app: &App, at: Timestamp) -> [u64; 4] {
    units(given::read(store, |reads| reads.used_by_app(app.tenant_id, app.id, at)))
}

fn units(used: UsedByWindow) -> [u64; 4] {
    UsageWindow::ALL.map(|window| used.of(window))
}

fn known(event: &UsageEvent) -> RecordedUsage {
    RecordedUsage::Known(event.clone())
}

/// Hour, day, week and month of the time at which it happened; an app without usage has none.
pub fn an_event_counts_in_all_its_windows(store: &dyn Store) {
    let estate = estate(store);
    let app = &estate.one;
    let hour = |hours: u64| later(hours * 3_600);
    let events = [
        usage_event(app, "1", 1, hour(0)),
        usage_event(app, "2", 20, hour(1)),
        usage_event(app, "3", 300, hour(24)),
        // START is a Thursday, and the first of a month.
        usage_event(app, "4", 4_000, hour(7 * 24)),
        usage_event(app, "5", 50_000, hour(31 * 24)),
    ];
    assert_eq!(estate.record(store, &events), vec![RecordedUsage::Counted; 5]);
    for (at, expected) in [
        (hour(0), [1, 21, 321, 4_321]),
        (hour(1), [20, 21, 321, 4_321]),
        (hour(2), [0, 21, 321, 4_321]),
        (hour(24), [300, 300, 321, 4_321]),
        (hour(7 * 24), [4_000, 4_000, 4_000, 4_321]),
        (hour(31 * 24), [50_000, 50_000, 50_000, 50_000]),
        (hour(90 * 24), [0, 0, 0, 0]),
    ] {
        assert_eq!(used(store, &estate.one, at), expected, "{at:?}");
    }
    assert_eq!(used(store, &estate.two, hour(0)), [0; 4]);
}

/// Sent again, in another order, with others, or twice in one report.
pub fn an_event_counts_once(store: &dyn Store) {
    let estate = estate(store);
    let [one, two, three] =
        [("1", 1), ("2", 20), ("3", 300)].map(|(id, units)| usage_event(&estate.one, id, units, START));
    let counted = RecordedUsage::Counted;
    for (events, outcomes) in [
        (vec![one.clone(), two.clone()], vec![counted.clone(), counted.clone()]),
        (vec![one.clone(), two.clone()], vec![known(&one), known(&two)]),
        (vec![two.clone(), one.clone()], vec![known(&two), known(&one)]),
        (vec![three.clone(), two.clone(), three.clone()], vec![counted.clone(), known(&two), known(&three)]),
        (vec![], vec![]),
    ] {
        assert_eq!(estate.record(store, &events), outcomes);
    }
    assert_eq!(used(store, &estate.one, START), [321; 4]);
}

/// The first event with an id is the one that counts, also within one report.
pub fn another_event_with_the_same_id_counts_nothing(store: &dyn Store) {
    let estate = estate(store);
    let first = usage_event(&estate.one, "1", 1, START);
    let others = [
        usage_event(&estate.one, "1", 2, START),
        usage_event(&estate.two, "1", 1, START),
        usage_event(&estate.one, "1", 1, later(DAY_SECS)),
    ];
    let mut events = vec![first.clone()];
    events.extend(others.iter().cloned());
    let mut expected = vec![RecordedUsage::Counted];
    expected.resize(4, known(&first));
    assert_eq!(estate.record(store, &events), expected);
    assert_eq!(estate.record(store, &others), vec![known(&first); 3]);
    assert_eq!(used(store, &estate.one, START), [1; 4]);
    assert_eq!(used(store, &estate.two, START), [0; 4]);
}

/// What one reporter calls an event says nothing to another.
pub fn reporters_have_ids_of_their_own(store: &dyn Store) {
    let estate = estate(store);
    let event = usage_event(&estate.one, "1", 5, START);
    let report = estate.report(std::slice::from_ref(&event));
    let elsewhere = given::instance(store, 2);
    let others = [
        UsageReport { reporter_id: estate.other.id, ..report.clone() },
        UsageReport { instance_id: elsewhere.id, ..report.clone() },
    ];
    for report in [&report].into_iter().chain(&others) {
        let outcome = given::keep_books(store, |books| books.record_usage(report));
        assert_eq!(outcome, [RecordedUsage::Counted]);
    }
    assert_eq!(used(store, &estate.one, START), [15; 4]);
    assert_eq!(estate.record(store, std::slice::from_ref(&event)), [known(&event)]);
}

/// Ids that differ in anything at all differ, on every database.
pub fn odd_event_ids_are_told_apart(store: &dyn Store) {
    let estate = estate(store);
    let (longest, long) = ("x".repeat(128), "x".repeat(127));
    let ids = ["a", "A", "a%", "a_", "'", "\\", "~", "1", "01", "1.0", longest.as_str(), long.as_str()];
    let events: Vec<UsageEvent> = ids.iter().map(|id| usage_event(&estate.one, id, 1, START)).collect();
    assert_eq!(estate.record(store, &events), vec![RecordedUsage::Counted; ids.len()]);
    let again: Vec<RecordedUsage> = events.iter().map(known).collect();
    assert_eq!(estate.record(store, &events), again);
}

/// More than one statement can have.
pub fn a_long_report_is_recorded_as_a_whole(store: &dyn Store) {
    let estate = estate(store);
    let apps = [&estate.one, &estate.two, &estate.other];
    let events: Vec<UsageEvent> = (0_u64..)
        .zip(apps.into_iter().cycle())
        .take(1_500)
        .map(|(number, app)| usage_event(app, &format!("event-{number}"), 1, later(number * 3_600)))
        .collect();
    let (before, _) = events.split_at(750);
    assert_eq!(estate.record(store, before), vec![RecordedUsage::Counted; 750]);
    let mut expected: Vec<RecordedUsage> = before.iter().map(known).collect();
    expected.resize(1_500, RecordedUsage::Counted);
    assert_eq!(estate.record(store, &events), expected);
    let hours: Vec<UsageCount> = apps
        .into_iter()
        .flat_map(|app| {
            given::read(store, |reads| {
                reads.list_usage(app.tenant_id, app.id, Hour, START, later(2_000 * 3_600), 2_000)
            })
        })
        .collect();
    assert_eq!(hours.iter().map(|count| count.units).sum::<u64>(), 1_500);
    assert_eq!(hours.len(), 1_500);
}

/// At the largest number that every JSON reader can hold.
pub fn sums_stop_growing(store: &dyn Store) {
    let estate = estate(store);
    let app = &estate.one;
    let most = UsedUnits::MAX;
    for ids in [vec!["1"], vec!["2"], vec!["3", "4"]] {
        let events: Vec<UsageEvent> = ids.iter().map(|id| usage_event(app, id, most, START)).collect();
        assert_eq!(estate.record(store, &events), vec![RecordedUsage::Counted; ids.len()]);
        assert_eq!(used(store, &estate.one, START), [most; 4]);
    }
    // One before the end is reached exactly.
    let other = &estate.two;
    for (id, units, sum) in [("5", most - 1, most - 1), ("6", 1, most), ("7", 1, most)] {
        estate.record(store, &[usage_event(other, id, units, START)]);
        assert_eq!(used(store, &estate.two, START), [sum; 4]);
    }
}

/// Its own, and no other tenant's.
pub fn the_usage_of_a_tenant_is_that_of_its_apps(store: &dyn Store) {
    let estate = estate(store);
    let Estate { one, two, other: three, .. } = &estate;
    let events = [
        usage_event(two, "1", 2, START),
        usage_event(one, "2", 1, START),
        usage_event(three, "3", 4, START),
        usage_event(one, "4", 8, later(DAY_SECS)),
    ];
    estate.record(store, &events);
    let used = |tenant_id: TenantId, at| -> Vec<(AppId, [u64; 4])> {
        let used = given::read(store, |reads| reads.used_by_apps_of(tenant_id, at));
        used.into_iter().map(|(app_id, used)| (app_id, units(used))).collect()
    };
    let first = [(one.id, [1, 1, 9, 9]), (two.id, [2, 2, 2, 2])];
    assert_eq!(used(one.tenant_id, START), first);
    assert_eq!(used(three.tenant_id, START), [(three.id, [4; 4])]);
    assert_eq!(used(one.tenant_id, later(40 * DAY_SECS)), []);
    let named = [(one.tenant_id, one.id), (three.tenant_id, three.id), (three.tenant_id, two.id)];
    let several = given::read(store, |reads| reads.used_by_apps(&named, START));
    let mut several: Vec<_> = several.into_iter().map(|(id, used)| (id, units(used))).collect();
    several.sort_unstable();
    assert_eq!(several, [(one.id, [1, 1, 9, 9]), (three.id, [4; 4])]);
    // Under another tenant's id there is nothing to be seen of an app.
    let strange = given::read(store, |reads| reads.used_by_app(three.tenant_id, one.id, START));
    assert_eq!(units(strange), [0; 4]);
    let strange = given::read(store, |reads| {
        reads.list_usage(three.tenant_id, one.id, Hour, START, later(DAY_SECS), 10)
    });
    assert_eq!(strange, []);
}

/// From a start to before an end, the oldest first.
pub fn past_windows_are_listed_in_order(store: &dyn Store) {
    let estate = estate(store);
    let app = &estate.one;
    let events: Vec<UsageEvent> = [3_u64, 1, 0, 2]
        .map(|day| usage_event(app, &day.to_string(), day + 1, later(day * DAY_SECS + 7)))
        .into_iter()
        .collect();
    estate.record(store, &events);
    let list = |window, from, to, limit| -> Vec<(Timestamp, u64)> {
        let listed =
            given::read(store, |reads| reads.list_usage(app.tenant_id, app.id, window, from, to, limit));
        listed.into_iter().map(|count| (count.starts_at, count.units)).collect()
    };
    let day = |number: u64| later(number * DAY_SECS);
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|number| (day(number), number + 1));
    let all = [first, second, third, fourth];
    assert_eq!(list(Day, day(0), day(4), 10), all);
    assert_eq!(list(Day, day(1), day(3), 10), [second, third]);
    assert_eq!(list(Day, day(0), day(4), 2), [first, second]);
    assert_eq!(list(Hour, day(0), day(4), 10), all);
    assert_eq!(list(Month, day(0), day(1), 10), [(day(0), 10)]);
}

/// Of all its apps, gone ones included, and of no other tenant's.
pub fn past_windows_of_a_tenant_are_summed(store: &dyn Store) {
    let estate = estate(store);
    let Estate { one, two, other, .. } = &estate;
    let events = [
        usage_event(one, "1", 1, START),
        usage_event(two, "2", 2, START),
        usage_event(two, "3", 4, later(DAY_SECS)),
        usage_event(other, "4", 8, START),
    ];
    estate.record(store, &events);
    given::mutate(store, |writes| writes.delete_app(two.instance_id, two.tenant_id, two.id).map(drop));
    let list = |tenant_id, to, limit| -> Vec<(Timestamp, u64)> {
        let listed = given::read(store, |reads| {
            reads.list_usage_of_tenant(tenant_id, Day, START, later(to * DAY_SECS), limit)
        });
        listed.into_iter().map(|count| (count.starts_at, count.units)).collect()
    };
    let (first, second) = ((START, 3), (later(DAY_SECS), 4));
    assert_eq!(list(one.tenant_id, 2, 10), [first, second]);
    assert_eq!(list(one.tenant_id, 1, 10), [first]);
    assert_eq!(list(one.tenant_id, 2, 1), [first]);
    assert_eq!(list(other.tenant_id, 2, 10), [(START, 8)]);
}

/// What was used stays used.
pub fn usage_outlives_its_app(store: &dyn Store) {
    let estate = estate(store);
    let app = &estate.one;
    estate.record(store, &[usage_event(app, "1", 5, START)]);
    given::mutate(store, |writes| writes.delete_app(app.instance_id, app.tenant_id, app.id).map(drop));
    let used = given::read(store, |reads| reads.used_by_apps_of(app.tenant_id, START));
    assert_eq!(used.into_iter().map(|(id, used)| (id, units(used))).collect::<Vec<_>>(), [(app.id, [5; 4])]);
}

/// Of any tenant of the instance, and of no other instance.
pub fn reported_apps_are_found_by_many_ids(store: &dyn Store) {
    let estate = estate(store);
    let elsewhere = given::instance(store, 2);
    let nobody = fixtures::app(&fixtures::tenant(&elsewhere, 9), 9);
    let all = estate.apps().map(App::clone);
    let mut ids: Vec<AppId> = all.iter().map(|app| app.id).collect();
    ids.push(nobody.id);
    let found = |instance: &Instance, ids: &[AppId]| {
        let mut found = given::read(store, |reads| reads.list_reported_apps(instance.id, ids));
        found.sort_by_key(|app| app.id);
        found
    };
    assert_eq!(found(&estate.instance, &ids), all);
    assert_eq!(found(&estate.instance, &[estate.two.id]), std::slice::from_ref(&estate.two));
    assert_eq!(found(&estate.instance, &[]), []);
    assert_eq!(found(&elsewhere, &ids), []);
    let many: Vec<AppId> =
        (0..1_200).map(|number| fixtures::app(&fixtures::tenant(&elsewhere, 9), number).id).collect();
    assert_eq!(found(&estate.instance, &many).len(), 4);
}

/// Events by their receipt, sums by the start of their windows, each kind by itself.
pub fn old_usage_is_purged(store: &dyn Store) {
    let estate = estate(store);
    let app = &estate.one;
    let event = usage_event(app, "1", 5, later(7));
    estate.record(store, std::slice::from_ref(&event));
    let micro = Duration::from_micros(1);
    for (before, purged) in [(START, 0), (START.plus(micro), 1), (START.plus(micro), 0)] {
        assert_eq!(given::keep_books(store, |books| books.purge_usage_events(before)), purged);
    }
    // Forgotten: it would count again, which is why nobody forgets what may still be reported.
    assert_eq!(estate.record(store, &[event]), [RecordedUsage::Counted]);
    let mut left = UsageWindow::ALL.to_vec();
    for window in UsageWindow::ALL {
        let start = window.span_at(later(7)).starts_at;
        for (before, purged) in [(start, 0), (start.plus(micro), 1)] {
            assert_eq!(given::keep_books(store, |books| books.purge_usage_counts(window, before)), purged);
        }
        left.retain(|kept| *kept != window);
        let expected = UsageWindow::ALL.map(|window| if left.contains(&window) { 10 } else { 0 });
        assert_eq!(used(store, app, START), expected, "{window}");
    }
}
