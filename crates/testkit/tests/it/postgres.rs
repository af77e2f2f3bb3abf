//! The throwaway PostgreSQL server: databases are apart, and nothing of it is left when its owner is gone.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use turnkeep_testkit::postgres::{PostgresCluster, PostgresError};

#[test]
fn databases_are_apart() {
    let cluster = PostgresCluster::shared().unwrap();
    let (one, other) = (cluster.new_database().unwrap(), cluster.new_database().unwrap());
    one.run_sql("CREATE TABLE note (body text); INSERT INTO note VALUES ('here')").unwrap();
    assert_eq!(one.run_sql("SELECT body FROM note").unwrap(), "here");
    assert!(matches!(other.run_sql("SELECT body FROM note"), Err(PostgresError::Refused { .. })));
}

#[test]
fn copies_start_as_their_template_and_stay_apart() {
    let cluster = PostgresCluster::shared().unwrap();
    let template = cluster.new_database().unwrap();
    template.run_sql("CREATE TABLE note (body text)").unwrap();
    let (one, other) =
        (cluster.new_database_from(&template).unwrap(), cluster.new_database_from(&template).unwrap());
    one.run_sql("INSERT INTO note VALUES ('here')").unwrap();
    assert_eq!(one.run_sql("SELECT count(*) FROM note").unwrap(), "1");
    assert_eq!(other.run_sql("SELECT count(*) FROM note").unwrap(), "0");
}

#[test]
fn many_threads_may_make_databases_at_once() {
    let cluster = PostgresCluster::shared().unwrap();
    let template = cluster.new_database().unwrap();
    std::thread::scope(|scope| {
        let copies: Vec<_> =
            (0..8).map(|_| scope.spawn(|| cluster.new_database_from(&template).map(drop))).collect();
        for copy in copies {
            copy.join().unwrap().unwrap();
        }
    });
}

#[test]
fn a_dropped_database_is_gone() {
    let cluster = PostgresCluster::shared().unwrap();
    let witness = cluster.new_database().unwrap();
    let database = cluster.new_database().unwrap();
    let name = database.run_sql("SELECT current_database()").unwrap();
    let count = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    assert_eq!(witness.run_sql(&count).unwrap(), "1");
    drop(database);
    assert_eq!(witness.run_sql(&count).unwrap(), "0");
}

#[test]
fn a_dropped_cluster_is_gone() {
    let cluster = PostgresCluster::start().unwrap();
    let folder = socket_folder(&cluster);
    let connection = connect(&folder);
    drop(cluster);
    assert!(ends_soon(connection));
    assert!(!folder.exists());
}

/// Starts this test once more as another process, which owns a cluster until it is killed.
#[test]
fn a_cluster_does_not_outlive_a_killed_owner() {
    const OWNER: &str = "TURNKEEP_TESTKIT_OWNER";
    const NAME: &str = "postgres::a_cluster_does_not_outlive_a_killed_owner";
    #[expect(clippy::disallowed_methods, reason = "tells the two processes of this test apart")]
    if std::env::var_os(OWNER).is_some() {
        let cluster = PostgresCluster::start().unwrap();
        println!("\nfolder={}", socket_folder(&cluster).display());
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }

    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(OWNER, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let folder = BufReader::new(owner.stdout.take().unwrap())
        .lines()
        .find_map(|line| line.unwrap().strip_prefix("folder=").map(PathBuf::from))
        .unwrap();
    let connection = connect(&folder);
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(ends_soon(connection));
    assert!(vanishes_soon(&folder));
}

fn socket_folder(cluster: &PostgresCluster) -> PathBuf {
    let database = cluster.new_database().unwrap();
    PathBuf::from(database.run_sql("SHOW unix_socket_directories").unwrap())
}

/// A connection on which the server has answered once: one that it has yet to take up would delay its end.
fn connect(folder: &Path) -> UnixStream {
    const REQUEST_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
    let mut connection = UnixStream::connect(folder.join(".s.PGSQL.5432")).unwrap();
    connection.write_all(&REQUEST_FOR_TLS).unwrap();
    let mut answer = [0];
    connection.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"N");
    connection
}

/// The server closes its connections when it ends.
fn ends_soon(mut connection: UnixStream) -> bool {
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection.read_to_end(&mut Vec::new()).is_ok()
}

/// The folder goes a moment after the server, in a process that nobody can wait for.
fn vanishes_soon(folder: &Path) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while folder.exists() {
        if deadline < Instant::now() {
            return false;
        }
        std::thread::yield_now();
    }
    true
}
