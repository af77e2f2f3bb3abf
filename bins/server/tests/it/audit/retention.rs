//! `audit_retention_days`: a running server takes old events out by itself.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::clock::Clock;
use turnkeep_service::first_start::ensure_first_start;
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;
use turnkeep_testkit::fixed_clock::FixedClock;
use turnkeep_testkit::seeded_random::SeededRandom;

use super::trail::Trail;
use crate::process::{Server, refusal, run, turnkeep};

/// A clock that stands in January 2020.
struct LongAgo(FixedClock);

impl Clock for LongAgo {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn since_boot(&self) -> Duration {
        Duration::ZERO
    }

    fn pause(&self, _: Duration) {}
}

/// A trail whose events are years old.
fn old_trail() -> Trail {
    let trail = Trail::in_new_folder();
    let key = trail.text_path("data/master.key");
    assert!(run(&["keys", "new-master-key", "--out", &key]).status.success());
    let url = DatabaseUrl::parse(&format!("sqlite:{}", trail.database())).unwrap();
    migrations::apply(&url).unwrap();
    let authority = Authority::new(AuthorityParts {
        store: Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap()),
        clock: Arc::new(LongAgo(FixedClock::at(Timestamp::from_micros(1_578_000_000_000_000)))),
        random: Arc::new(SeededRandom::new(1)),
        master_keys: Arc::new(MasterKeys::parse(&std::fs::read_to_string(&key).unwrap()).unwrap()),
        base_url: BaseUrl::parse("http://localhost").unwrap(),
        storage_probe: Arc::new(NoStorageProbe),
        mail: Arc::new(turnkeep_service::sign_in::mail::NoMail),
        logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
        settings: AuthoritySettings::default(),
    });
    ensure_first_start(&authority).unwrap();
    authority.keep_books().unwrap();
    trail
}

#[test]
fn a_server_prunes_what_is_older_than_it_has_to_be_kept() {
    let trail = old_trail();
    let old = trail.length();
    let data = trail.text_path("data");
    let mut command = turnkeep(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    let mut server = Server::start(command.env("TURNKEEP_AUDIT_RETENTION_DAYS", "30").stderr(Stdio::piped()));
    let log = BufReader::new(server.child.stderr.take().unwrap());
    let line = log.lines().map(Result::unwrap).find(|line| line.contains("old events left"));
    assert!(line.is_some_and(|line| line.contains(&format!("events={old}"))));
    // Nobody reads its log any more, which must not keep it from stopping.
    server.stop();
    let told = trail.told(&["verify"]);
    assert!(told.contains(&format!("after {old} that were pruned")), "{told}");
    let export = trail.told(&["export"]);
    assert!(export.contains("\"audit.prune\"") && export.contains("\"system\""), "{export}");
}

#[test]
fn a_retention_that_is_no_number_of_days_keeps_the_server_from_starting() {
    let trail = Trail::in_new_folder();
    let config = trail.text_path("turnkeep.toml");
    for value in ["0", "-1", "36501", "\"for ever\""] {
        std::fs::write(&config, format!("audit_retention_days = {value}\n")).unwrap();
        let said = refusal(&["serve", "--data", &trail.text_path("data"), "--config", &config]);
        assert!(said.contains("audit_retention_days") && said.contains("from 1 to 36500"), "{said}");
    }
}
