//! What is kept in memory, and for whom: bounded, and strangers push nobody out.

use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::authority::AuthoritySettings;

use crate::world::{TestApp, World, cheap_settings};

/// How many client ids that nobody has are remembered.
const ABSENCES: usize = 20_000;

impl World {
    /// Another node on the same database that keeps so many apps in memory.
    fn keeping(&self, snapshot_apps: usize) -> Self {
        self.restarted(&[1], AuthoritySettings { snapshot_apps, ..cheap_settings() }, 7)
    }
}

fn stranger(like: &TestApp, number: usize) -> TestApp {
    TestApp { client_id: format!("stranger{number}"), ..like.clone() }
}

#[test]
fn a_flood_of_client_ids_that_nobody_has_pushes_no_app_out_and_is_remembered_within_a_bound() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let node = world.keeping(4);
    node.token(&app);
    for number in 0..ABSENCES + 1_000 {
        assert_eq!(node.refusal(&stranger(&app, number)), TokenDenial::AppUnknown);
    }
    let status = node.authority.status();
    assert!(status.absences_in_memory <= ABSENCES, "{}", status.absences_in_memory);
    assert!(ABSENCES / 2 < status.absences_in_memory, "{}", status.absences_in_memory);
    assert_eq!(status.apps_in_memory, 1);
    let loads = status.app_loads;
    node.token(&app);
    assert_eq!(node.authority.status().app_loads, loads);
}

#[test]
fn what_could_be_no_client_id_is_neither_looked_for_nor_remembered() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let before = world.authority.status();
    for client_id in [String::new(), "a b".to_owned(), "x".repeat(10_000)] {
        let stranger = TestApp { client_id, ..app.clone() };
        assert_eq!(world.refusal(&stranger), TokenDenial::AppUnknown);
    }
    let after = world.authority.status();
    assert_eq!((after.app_loads, after.absences_in_memory), (before.app_loads, before.absences_in_memory));
}

#[test]
fn no_more_apps_are_kept_than_was_set_and_all_of_them_are_served() {
    let world = World::new();
    let apps: Vec<_> = (0..12).map(|number| world.lone_app(&format!("Acme {number}"))).collect();
    let node = world.keeping(4);
    for app in apps.iter().chain(&apps) {
        node.token(app);
    }
    let status = node.authority.status();
    assert!((1..=4).contains(&status.apps_in_memory), "{}", status.apps_in_memory);
    assert!(12 < status.app_loads, "{}", status.app_loads);
}
