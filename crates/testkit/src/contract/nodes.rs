//! Several nodes on one database, with several threads each. Each behaviour gets a function that opens the
//! database once more.

use std::sync::{Arc, Barrier};

use turnkeep_audit::verify::Verdict;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::region::RegionDatabase;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::idempotency::IdempotentRequest;
use turnkeep_storage::node::Node;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::single_use::Consumption;
use turnkeep_storage::store::Store;
use turnkeep_storage::token_counts::{CountedApp, TokenCount, TokenTotals};
use turnkeep_storage::usage::{RecordedUsage, UsageReport};

use super::{audit, given, guess_counts, token_counts};
use crate::fixtures;

const NODES: u32 = 4;
const THREADS_PER_NODE: u32 = 5;
const THREADS: u32 = NODES * THREADS_PER_NODE;

/// Opens the database once more.
pub type Open<'a> = &'a dyn Fn() -> Arc<dyn Store>;

/// Runs the work on all threads of all nodes at once; each gets a number from 1.
pub(super) fn at_once<T: Send>(open: Open<'_>, work: impl Fn(&dyn Store, u32) -> T + Sync) -> Vec<T> {
    let nodes: Vec<Arc<dyn Store>> = (0..NODES).map(|_| open()).collect();
    let start = Barrier::new(usize::try_from(THREADS).unwrap());
    std::thread::scope(|scope| {
        let run = |node: Arc<dyn Store>, number| {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(&*node, number)
            })
        };
        let threads: Vec<_> =
            nodes.iter().cycle().cloned().zip(1..=THREADS).map(|(node, number)| run(node, number)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

pub(super) fn count<T: PartialEq>(outcomes: &[T], outcome: &T) -> usize {
    outcomes.iter().filter(|one| *one == outcome).count()
}

/// All others are told that somebody was here before.
pub fn exactly_one_of_many_consumes_a_thing(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let thing = fixtures::single_use(&instance, 1);
    assert_eq!(given::mutate(&*store, |writes| writes.insert_single_use(&thing)), Inserted::Inserted);
    let outcomes = at_once(open, |node, _| {
        given::mutate(node, |writes| {
            writes.consume_single_use(instance.id, &thing.handle_hash, fixtures::START)
        })
    });
    assert_eq!(count(&outcomes, &Consumption::Consumed), 1);
    assert_eq!(count(&outcomes, &Consumption::AlreadyConsumed), outcomes.len() - 1);
}

/// A look and an insertion in one mutation cannot be overtaken.
pub fn the_app_limit_holds_against_parallel_creations(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let tenant = given::tenant(&*store, &instance, 1);
    let limit = AppLimit::DEFAULT.apps();
    let created = at_once(open, |node, number| {
        given::mutate(node, |writes| {
            if limit <= writes.count_apps(instance.id, tenant.id)? {
                return Ok(false);
            }
            Ok(writes.insert_app(&fixtures::app(&tenant, number))? == Inserted::Inserted)
        })
    });
    assert_eq!(count(&created, &true), usize::try_from(limit).unwrap());
    assert_eq!(given::read(&*store, |reads| reads.count_apps(instance.id, tenant.id)), limit);
}

/// With the question first, nobody runs into a conflict.
pub fn one_of_many_gets_the_name(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let tenant = given::tenant(&*store, &instance, 1);
    let created = at_once(open, |node, number| {
        let mut app = fixtures::app(&tenant, number);
        app.settings.name = fixtures::name("Customer Portal");
        let key = app.settings.name.uniqueness_key();
        given::mutate(node, |writes| {
            if writes.app_name_taken(instance.id, tenant.id, &key, None)? {
                return Ok(false);
            }
            assert_eq!(writes.insert_app(&app)?, Inserted::Inserted);
            Ok(true)
        })
    });
    assert_eq!(count(&created, &true), 1);
}

/// Nobody gets more room than there is, and all of it is given.
pub fn room_is_never_given_twice(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let region = given::region(&*store, &instance, 1);
    let database = RegionDatabase { capacity: 7, ..fixtures::region_database(&region, 1) };
    let inserted = given::mutate(&*store, |writes| writes.insert_region_database(instance.id, &database));
    assert_eq!(inserted, Inserted::Inserted);
    let taken =
        at_once(open, |node, _| given::mutate(node, |writes| writes.take_room(instance.id, database.id)));
    assert_eq!(count(&taken, &Updated::Updated), 7);
    let stored = given::read(&*store, |reads| reads.find_region_database(instance.id, database.id));
    assert_eq!(stored.map(|database| database.app_count), Some(7));
}

/// Each sees what the one before it has left, numbers follow the order of commits, and one that fails leaves
/// nothing behind.
pub fn mutations_run_one_after_the_other(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let outcomes = at_once(open, |node, number| {
        node.mutate(|writes| {
            let before = writes.find_instance(instance.id)?.unwrap();
            let scope = ChangeScope::Instance(instance.id);
            let sequence = writes.record_change(scope, TokensBefore::Dead, fixtures::START)?;
            assert_eq!(before.tokens_dead_below.as_number() + 1, sequence.as_number());
            let after =
                Instance { tokens_dead_below: sequence, version: before.version.next(), ..before.clone() };
            assert_eq!(writes.update_instance(&after, before.version)?, Updated::Updated);
            if number % 4 == 0 { Err(StoreError::Database("made up".into())) } else { Ok(sequence) }
        })
        .ok()
    });
    let mut sequences: Vec<i64> = outcomes.into_iter().flatten().map(ChangeSequence::as_number).collect();
    sequences.sort_unstable();
    let committed = i64::from(THREADS - THREADS / 4);
    assert_eq!(sequences, (1..=committed).collect::<Vec<_>>());
    let last = given::read(&*store, |reads| reads.change_sequence());
    assert_eq!(last, ChangeSequence::from_number(committed));
}

/// Two instances are always changed together; whoever looks at both sees them alike.
pub fn a_reader_sees_one_moment(open: Open<'_>) {
    let store = open();
    let pair = [given::instance(&*store, 1), given::instance(&*store, 2)];
    let flip = |state| match state {
        InstanceState::Active => InstanceState::Disabled,
        InstanceState::Disabled => InstanceState::Active,
    };
    at_once(open, |node, number| {
        if number % 2 == 0 {
            given::mutate(node, |writes| {
                for instance in &pair {
                    let before = writes.find_instance(instance.id)?.unwrap();
                    let state = flip(before.state);
                    let after = Instance { state, version: before.version.next(), ..before.clone() };
                    assert_eq!(writes.update_instance(&after, before.version)?, Updated::Updated);
                }
                Ok(())
            });
        } else {
            given::read(node, |reads| {
                let versions = reads.list_instances()?.into_iter().map(|instance| instance.version);
                let first: Vec<_> = versions.collect();
                assert!(first.windows(2).all(|pair| pair.first() == pair.last()));
                for instance in &pair {
                    let again = reads.find_instance(instance.id)?.map(|instance| instance.version);
                    assert_eq!(again.as_ref(), first.first());
                }
                Ok(())
            });
        }
    });
}

/// Changes with their entries and notes of refusals, all at once, from the very first entry on.
pub fn entries_of_all_nodes_make_one_unbroken_chain(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let tenant = given::tenant(&*store, &instance, 1);
    let elsewhere = given::tenant(&*store, &given::instance(&*store, 2), 2);
    at_once(open, |node, number| {
        let events = |tenant, offset| {
            [number * 2, number * 2 + 1].map(|number| fixtures::audit_event(tenant, offset + number))
        };
        let (done, refused) = (events(&tenant, 1_000), events(&tenant, 2_000));
        let change = || {
            given::mutate(node, |writes| fixtures::append_events(writes, instance.id, &done));
        };
        let note = || {
            given::keep_books(node, |books| fixtures::append_events(books, instance.id, &refused));
        };
        if number % 2 == 0 {
            note();
            change();
        } else {
            change();
            note();
        }
        let events = events(&elsewhere, 3_000);
        given::keep_books(node, |books| fixtures::append_events(books, elsewhere.instance_id, &events));
    });
    for (instance_id, per_thread) in [(instance.id, 4), (elsewhere.instance_id, 2)] {
        let (entries, _, verdict) = audit::trail(&*store, instance_id);
        assert_eq!(entries.len(), usize::try_from(THREADS * per_thread).unwrap());
        assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
    }
}

/// All others find the request of the first, to which they can compare theirs.
pub fn one_of_many_does_an_idempotent_request(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let outcomes = at_once(open, |node, number| {
        let request = IdempotentRequest {
            fingerprint: fixtures::hash(number),
            ..fixtures::idempotent_request(&instance, 1)
        };
        given::mutate(node, |writes| {
            let inserted = writes.insert_idempotent_request(&request)?;
            let found = writes.find_idempotent_request(&request.key, fixtures::START)?.unwrap();
            assert_eq!(found == request, inserted == Inserted::Inserted);
            Ok(inserted)
        })
    });
    assert_eq!(count(&outcomes, &Inserted::Inserted), 1);
}

/// Batches about the same secrets in opposite orders all get through, and the newest use stays.
pub fn bookkeeping_does_not_wait_for_its_own_kind(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let app = given::app(&*store, &given::tenant(&*store, &instance, 1), 1);
    let secrets: Vec<_> = (1..=10).map(|number| given::secret(&*store, &app, number)).collect();
    at_once(open, |node, number| {
        let used = |secret: &turnkeep_storage::secret::StoredSecret| SecretUse {
            secret_id: secret.secret.id,
            app_id: app.id,
            at: fixtures::later(number.into()),
        };
        let mut uses: Vec<SecretUse> = secrets.iter().map(used).collect();
        if number % 2 == 0 {
            uses.reverse();
        }
        given::keep_books(node, |books| books.record_secret_uses(&uses));
    });
    let stored = given::read(&*store, |reads| reads.list_secrets(app.tenant_id, app.id));
    assert_eq!(stored.len(), 10);
    let newest = Some(fixtures::later(THREADS.into()));
    assert!(stored.iter().all(|stored| stored.secret.last_used_at == newest));
}

/// All send the same events, each in an order of its own and in pieces of its own: each event counts for exactly one
/// of them, and nobody waits for ever.
pub fn usage_is_counted_once_by_all(open: Open<'_>) {
    const EVENTS: u32 = 200;
    let store = open();
    let instance = given::instance(&*store, 1);
    let tenant = given::tenant(&*store, &instance, 1);
    let apps: Vec<_> = (1..=4).map(|number| given::app(&*store, &tenant, number)).collect();
    let reporter = given::app(&*store, &tenant, 5);
    let event = |number: u32| {
        let app = apps.get(usize::try_from(number % 4).unwrap()).unwrap();
        let at = fixtures::later(u64::from(number) * 600);
        (tenant.id, fixtures::usage_event(app, &number.to_string(), 1 + u64::from(number), at))
    };
    let counted = at_once(open, |node, number| {
        let mut events: Vec<_> = (0..EVENTS).map(event).collect();
        events.rotate_left(usize::try_from(number * 7).unwrap());
        if number % 2 == 0 {
            events.reverse();
        }
        let mut counted = 0;
        for some in events.chunks(usize::try_from(number).unwrap() * 10) {
            let report = UsageReport {
                instance_id: instance.id,
                reporter_id: reporter.id,
                received_at: fixtures::START,
                events: some.to_vec(),
            };
            let outcomes = given::keep_books(node, |books| books.record_usage(&report));
            counted += count(&outcomes, &RecordedUsage::Counted);
        }
        counted
    });
    assert_eq!(counted.iter().sum::<usize>(), usize::try_from(EVENTS).unwrap());
    let used = given::read(&*store, |reads| reads.used_by_apps_of(tenant.id, fixtures::START));
    let month: u64 = used.iter().map(|(_, used)| used.of(UsageWindow::Month)).sum();
    assert_eq!(month, (1..=u64::from(EVENTS)).sum::<u64>());
}

/// No two failures are the same one of the row.
pub fn failures_of_all_nodes_are_one_row(open: Open<'_>) {
    let store = open();
    let subject = guess_counts::given_subject(&*store);
    let mut counted = at_once(open, |node, _| guess_counts::charge(node, &subject));
    counted.sort_unstable();
    let expected: Vec<u64> = (1..).take(counted.len()).collect();
    assert_eq!(counted, expected);
}

/// Batches about the same apps in opposite orders all get through, and nothing is lost.
pub fn token_counts_of_all_nodes_add_up(open: Open<'_>) {
    let store = open();
    let instance = given::instance(&*store, 1);
    let tenant = given::tenant(&*store, &instance, 1);
    let apps: Vec<_> =
        (1..=10).map(|number| token_counts::counted(&fixtures::app(&tenant, number))).collect();
    let hour_start = Timestamp::from_secs(0);
    at_once(open, |node, number| {
        let count = |app: &CountedApp| TokenCount {
            app: *app,
            hour_start,
            issued: number.into(),
            refused: 0,
            would_refuse: 0,
        };
        let mut counts: Vec<TokenCount> = apps.iter().map(count).collect();
        if number % 2 == 0 {
            counts.reverse();
        }
        given::keep_books(node, |books| books.add_token_counts(&counts));
    });
    let all = u64::from(THREADS * (THREADS + 1) / 2);
    for app in &apps {
        let totals = given::read(&*store, |reads| reads.find_token_totals(app, hour_start));
        assert_eq!(totals, TokenTotals { in_hour: all, in_day: all });
    }
}

/// Half of them acknowledge for a node, the others remove it as it is behind: whichever comes first decides.
pub fn a_node_is_removed_or_heard_but_not_both(open: Open<'_>) {
    let store = open();
    let sequence = ChangeSequence::from_number(1);
    let nodes: Vec<_> = (1..=20).map(|number| fixtures::node(number, ChangeSequence::ZERO)).collect();
    given::keep_books(&*store, |books| nodes.iter().try_for_each(|node| books.register_node(node)));
    let outcomes = at_once(open, |store, number| -> Vec<(bool, bool)> {
        let one = |late: &Node| {
            given::keep_books(store, |books| {
                if number % 2 == 0 {
                    Ok((books.acknowledge_changes(late.id, sequence)? == Updated::Updated, false))
                } else {
                    Ok((false, books.remove_node_behind(late.id, sequence)? == Deleted::Deleted))
                }
            })
        };
        nodes.iter().map(one).collect()
    });
    for (late, index) in nodes.iter().zip(0..) {
        let of_node: Vec<_> = outcomes.iter().filter_map(|outcomes| outcomes.get(index)).collect();
        let heard = of_node.iter().filter(|(heard, _)| *heard).count();
        let removed = of_node.iter().filter(|(_, removed)| *removed).count();
        assert!([(of_node.len() / 2, 0), (0, 1)].contains(&(heard, removed)), "{heard} and {removed}");
        let is_there = given::read(&*store, |reads| reads.is_node_registered(late.id));
        assert_eq!(is_there, removed == 0);
    }
}
