//! Reports of resource servers.

use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_policy::decide_usage_event::{CLOCK_AHEAD, REMEMBERED, REPORTED_WITHIN, UsageEventDenial};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_resource::remove_resource_server;
use turnkeep_service::usage::report_usage::{ReportedEvent, report_usage};

use super::{Metered, event, event_at, used};
use crate::world::denial;

/// Codes of the refused events with their ids.
fn refused(metered: &Metered, events: &[ReportedEvent]) -> Vec<(String, UsageEventDenial)> {
    let outcome = metered.report(events);
    outcome.refused.iter().map(|(id, denial)| (id.to_string(), *denial)).collect()
}

#[test]
fn a_report_counts_each_event_once_however_often_it_comes() {
    let metered = Metered::new();
    let [one, two, three] =
        [("1", 1), ("2", 20), ("3", 300)].map(|(id, units)| event(&metered.app, id, units));
    for (events, counted, duplicates, total) in [
        (vec![one.clone(), two.clone()], 2, 0, 21),
        (vec![one.clone(), two.clone()], 0, 2, 21),
        (vec![three.clone(), two, one.clone(), three], 1, 3, 321),
    ] {
        let outcome = metered.report(&events);
        assert_eq!((outcome.counted, outcome.duplicates), (counted, duplicates));
        assert_eq!(outcome.refused, []);
        let [usage] = &outcome.apps[..] else { panic!("{outcome:?}") };
        assert_eq!((usage.app_id, used(&usage.judgement)), (metered.app.id, [total; 4]));
    }
    // Later, without a time in it, it is the same event.
    metered.world.advance(60);
    assert_eq!(metered.report(&[one]).duplicates, 1);
}

#[test]
fn apps_that_do_not_use_what_the_reporter_serves_are_unknown_to_it() {
    let metered = Metered::new();
    let world = &metered.world;
    let other = world.resource("Other.API", LimitsClaims::Both, SigningAlgorithm::Es256);
    world.scope(other.id, "other", ScopeGrant::AnyApp);
    let elsewhere = world.app_with_scopes(&metered.tenant, "Elsewhere", "other");
    let foreign = Metered::in_world(world.instance("foreign")).app;
    let gone = world.app_with_scopes(&metered.tenant, "Gone", "read");
    delete_app(&world.operator(), gone.id, None).unwrap();
    let nobody = ReportedEvent { app_id: None, ..event(&gone, "nobody", 1) };
    let events = [
        event(&elsewhere, "elsewhere", 1),
        event(&foreign, "foreign", 1),
        event(&gone, "gone", 1),
        nobody,
        event(&metered.app, "good", 1),
    ];
    let outcome = metered.report(&events);
    assert_eq!(outcome.counted, 1, "one bad event takes nothing from the others");
    let ids: Vec<&str> = outcome.refused.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["elsewhere", "foreign", "gone", "nobody"]);
    assert!(outcome.refused.iter().all(|(_, denial)| *denial == UsageEventDenial::UnknownApp));
    assert_eq!(outcome.apps.len(), 1);
}

#[test]
fn an_app_that_serves_nothing_any_more_knows_nobody() {
    let metered = Metered::new();
    let world = &metered.world;
    assert_eq!(metered.report(&[event(&metered.app, "1", 1)]).counted, 1);
    remove_resource_server(&world.operator(), world.api().id, metered.meter.id).unwrap();
    let events = [event(&metered.app, "1", 1), event(&metered.app, "2", 1)];
    let unknown = UsageEventDenial::UnknownApp;
    assert_eq!(refused(&metered, &events), [("1".to_owned(), unknown), ("2".to_owned(), unknown)]);
}

#[test]
fn what_was_used_before_a_kill_still_counts() {
    let metered = Metered::new();
    metered.world.switch(&metered.app, AppState::Disabled);
    assert_eq!(metered.report(&[event(&metered.app, "1", 1)]).counted, 1);
}

#[test]
fn events_count_from_seven_days_late_to_five_minutes_early() {
    let metered = Metered::new();
    let (now, micro) = (metered.world.authority.now(), Duration::from_micros(1));
    let at = |id: &str, at| event_at(metered.app.id, id, 1, Some(at));
    let events = [
        at("late", now.minus(REPORTED_WITHIN)),
        at("too-late", now.minus(REPORTED_WITHIN + micro)),
        at("early", now.plus(CLOCK_AHEAD)),
        at("too-early", now.plus(CLOCK_AHEAD + micro)),
    ];
    let expected = [
        ("too-late".to_owned(), UsageEventDenial::TooOld),
        ("too-early".to_owned(), UsageEventDenial::InTheFuture),
    ];
    assert_eq!(refused(&metered, &events), expected);
    let outcome = metered.report(&events);
    assert_eq!((outcome.counted, outcome.duplicates), (0, 2));
    // Each counts in the windows of its own time. Now it is the first of a month, a Thursday.
    assert_eq!(used(&outcome.apps[0].judgement), [1, 1, 1, 1]);
}

#[test]
fn nothing_counts_again_after_it_was_forgotten() {
    let metered = Metered::new();
    let now = metered.world.authority.now();
    let latest = event_at(metered.app.id, "1", 1, Some(now.plus(CLOCK_AHEAD)));
    assert_eq!(metered.report(std::slice::from_ref(&latest)).counted, 1);
    for _ in 0..9 {
        metered.world.advance(REMEMBERED.as_secs() / 8);
        metered.world.clock.0.pause(Duration::from_secs(61));
        metered.world.authority.keep_books().unwrap();
        assert_eq!(metered.report(std::slice::from_ref(&latest)).counted, 0);
    }
}

#[test]
fn another_event_with_a_known_id_is_refused() {
    let metered = Metered::new();
    let now = metered.world.authority.now();
    let first = event_at(metered.app.id, "1", 5, Some(now));
    metered.report(std::slice::from_ref(&first));
    let others = [
        event_at(metered.app.id, "1", 6, Some(now)),
        event_at(metered.app.id, "1", 5, Some(now.plus(Duration::from_secs(1)))),
    ];
    let expected =
        [("1".to_owned(), UsageEventDenial::IdReused), ("1".to_owned(), UsageEventDenial::IdReused)];
    assert_eq!(refused(&metered, &others), expected);
    // Without a time it says nothing else than the first.
    assert_eq!(metered.report(&[event(&metered.app, "1", 5), first]).duplicates, 2);
    let within = [event(&metered.app, "2", 1), event(&metered.app, "2", 2)];
    assert_eq!(refused(&metered, &within), [("2".to_owned(), UsageEventDenial::IdReused)]);
}

#[test]
fn reports_leave_no_event_and_no_change() {
    let metered = Metered::new();
    let world = &metered.world;
    let sequence = || world.store.read(|reads| reads.change_sequence()).unwrap();
    let (before, events) = (sequence(), world.trail().len());
    metered.report(&[event(&metered.app, "1", 1)]);
    world.authority.keep_books().unwrap();
    assert_eq!((sequence(), world.trail().len()), (before, events));
}

#[test]
fn nobody_but_an_app_reports() {
    let metered = Metered::new();
    let refusal = report_usage(&metered.world.operator(), &[event(&metered.app, "1", 1)]);
    assert_eq!(denial(refusal), RegistryDenial::NotFound);
}

#[test]
fn reports_that_arrive_at_once_at_several_nodes_count_once_between_them() {
    const EVENTS: u32 = 120;
    let metered = Metered::new();
    let nodes: Vec<_> = (2..6)
        .map(|seed| metered.world.restarted(&[1], crate::world::cheap_settings(), seed))
        .map(|world| Metered { world, ..metered.clone() })
        .collect();
    let all: Vec<ReportedEvent> =
        (0..EVENTS).map(|number| event(&metered.app, &number.to_string(), 1)).collect();
    let counted: Vec<u32> = std::thread::scope(|scope| {
        let all = &all;
        let report = move |node: &Metered, turn: usize| {
            let mut events = all.clone();
            events.rotate_left(turn * 31);
            events.chunks(turn * 10 + 7).map(|some| node.report(some).counted).sum()
        };
        let threads: Vec<_> =
            nodes.iter().enumerate().map(|(turn, node)| scope.spawn(move || report(node, turn))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(counted.iter().sum::<u32>(), EVENTS);
    let usage = metered.report(&all[..1]).apps.remove(0);
    assert_eq!(used(&usage.judgement), [u64::from(EVENTS); 4]);
}
