//! The first start of a server.

use std::sync::{Arc, Barrier};
use std::thread;
use turnkeep_service::snapshot::look_up::LookUp;

use turnkeep_domain::audit::Actor;
use turnkeep_service::first_start::{FirstStart, ensure_first_start};
use turnkeep_service::tokens::authenticate_bearer::{Reach, authenticate_bearer};
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;

use crate::world::{TestClock, World, authority_on, cheap_settings, master_keys};

#[test]
fn the_second_start_changes_nothing() {
    let world = World::bare();
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    let again = world.restarted(&[1], cheap_settings(), 2);
    assert!(matches!(ensure_first_start(&again.authority).unwrap(), FirstStart::DoneBefore));
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), sequence);
    assert_eq!(world.store.read(|reads| reads.list_instances()).unwrap().len(), 1);
    assert_eq!(world.events("server.first_start").len(), 1);
}

#[test]
fn the_operator_reaches_the_whole_platform() {
    let world = World::bare();
    let caller =
        authenticate_bearer(&world.authority, &world.slug, &world.operator_token(), LookUp::Anywhere)
            .unwrap();
    assert_eq!(caller.reach, Reach::Platform);
    assert!(matches!(caller.actor, Actor::App(_)));
}

#[test]
fn of_two_servers_that_start_at_once_one_makes_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::parse(&format!("sqlite:{}", folder.path().join("x.db").display())).unwrap();
    migrations::apply(&url).unwrap();
    let clock = Arc::new(TestClock::default());
    let together = Barrier::new(2);
    let done = thread::scope(|scope| {
        let starts = [1, 2].map(|seed| {
            let (url, clock, together) = (&url, &clock, &together);
            scope.spawn(move || {
                let store: Arc<dyn Store> =
                    Arc::new(DieselStore::connect(url, &PoolOptions::default()).unwrap());
                let authority = authority_on(&store, clock, master_keys(&[1]), cheap_settings(), seed);
                together.wait();
                matches!(ensure_first_start(&authority).unwrap(), FirstStart::Done(_))
            })
        });
        starts.map(|start| start.join().unwrap())
    });
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    let store: Arc<dyn Store> = Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap());
    assert_eq!(store.read(|reads| reads.list_instances()).unwrap().len(), 1);
}

#[test]
fn credentials_do_not_print() {
    let world = World::bare();
    let printed = format!("{:?}", world.operator);
    assert!(printed.contains(world.operator.client_id.as_str()));
    assert!(!printed.contains(world.operator.client_secret.expose()));
}
