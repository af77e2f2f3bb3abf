//! Fifty at once with one code, or one refresh token, on every kind of database: one wins (ASVS 2.3.3, attacks 22 and 40),
//! and what the winner got is dead as soon as another one has tried.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use turnkeep_domain::client_type::ClientType;
use turnkeep_policy::judge_grant::GrantEnd;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::tokens::granted_tokens::GrantedTokens;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;
use turnkeep_testkit::postgres::PostgresCluster;

use super::people::{Issued, grant_denial, refresh_token};
use crate::world::World;

const THREADS: usize = 50;

/// Every thread does it at the same moment; the one who succeeded, and the denials of the others.
fn at_once(work: impl Fn() -> Issued + Sync) -> (GrantedTokens, Vec<GrantDenial>) {
    let together = Barrier::new(THREADS);
    let ended: Vec<Issued> = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    work()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let (won, lost): (Vec<Issued>, Vec<Issued>) = ended.into_iter().partition(Result::is_ok);
    let [Ok(winner)] = <[Issued; 1]>::try_from(won).unwrap() else { panic!("nobody won") };
    (winner, lost.into_iter().map(grant_denial).collect())
}

fn race_on(store: Arc<dyn Store>) {
    let world = World::bare_on(store);
    rotate_due_keys(&world.authority).unwrap();
    world.furnish();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let ada = world.somebody("ada");

    let code = world.code(&app, &ada);
    let (winner, lost) = at_once(|| world.redeem(&app, &code));
    // Who comes when the first replay has ended the grant is told so only after the replay itself.
    assert_eq!(lost, [GrantDenial::CodeReplayed; THREADS - 1]);
    assert!(!world.is_active(winner.access_token.expose()));
    let refused = grant_denial(world.refresh(&app, &refresh_token(&winner)));
    assert_eq!(refused, GrantDenial::Ended(GrantEnd::Revoked));

    let token = refresh_token(&world.granted_to(&app, &ada));
    let (winner, lost) = at_once(|| world.refresh(&app, &token));
    let is_late = |denial: &GrantDenial| {
        matches!(denial, GrantDenial::RefreshTokenReused | GrantDenial::Ended(GrantEnd::Revoked))
    };
    assert!(lost.iter().all(is_late), "{lost:?}");
    assert!(!world.is_active(winner.access_token.expose()));
    let refused = grant_denial(world.refresh(&app, &refresh_token(&winner)));
    assert_eq!(refused, GrantDenial::Ended(GrantEnd::Revoked));
    assert_eq!(world.events("grant.revoke").len(), 2, "each family is ended once");
}

fn open(url: &str) -> Arc<dyn Store> {
    let url = DatabaseUrl::parse(url).unwrap();
    migrations::apply(&url).unwrap();
    // All of them wait for one another, which takes a while where the disk is slow.
    let (connection_timeout, lock_timeout) = (Duration::from_secs(60), Duration::from_secs(60));
    let options = PoolOptions { connections: 4, connection_timeout, lock_timeout, ..PoolOptions::default() };
    Arc::new(DieselStore::connect(&url, &options).unwrap())
}

#[test]
fn one_of_fifty_wins_on_sqlite() {
    let folder = TempDir::new().unwrap();
    race_on(open(&format!("sqlite:{}", folder.path().join("turnkeep.db").display())));
}

#[test]
fn one_of_fifty_wins_on_postgresql() {
    let database = PostgresCluster::shared().unwrap().new_database().unwrap();
    race_on(open(database.url()));
}
