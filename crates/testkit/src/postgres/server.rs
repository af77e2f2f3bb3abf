//! Starts a throwaway PostgreSQL server under a watchdog (`cluster.sh`) that ends it together with this process.
//! The server listens on a Unix socket in its own folder only: no port to collide on, nobody else to reach it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{PostgresError, random};

const WATCHDOG: &str = include_str!("cluster.sh");

/// Nothing here outlives the tests, so nothing is worth waiting for the disk. A client that falls silent before
/// its login can hold up the end of the server for as long as a login may take.
const SETTINGS: &str = "listen_addresses = ''
max_connections = 200
authentication_timeout = 10s
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
timezone = 'UTC'
";

/// A running throwaway server. Dropping it ends the server and removes its files.
#[derive(Debug)]
pub(super) struct Server {
    dir: PathBuf,
    password: String,
    watchdog: Child,
}

impl Server {
    /// Starts a server with the programs in `programs` and waits until it takes connections.
    pub(super) fn start(programs: &Path) -> Result<Self, PostgresError> {
        let dir = tempfile::Builder::new()
            .prefix("turnkeep-postgres-")
            .tempdir()
            .map_err(PostgresError::system("make a temporary folder"))?;
        let password = random::hex()?;
        write_input(dir.path(), &password)?;
        let watchdog = watchdog(programs, dir.path())?.spawn().map_err(PostgresError::system(
            "run sh in the temporary folder, which the server's account must be able to reach",
        ))?;
        // From here on the watchdog removes the folder.
        let mut server = Self { dir: dir.keep(), password, watchdog };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// The URL of one of its databases.
    pub(super) fn url(&self, database: &str) -> String {
        let host = percent_encoded(&self.dir);
        format!("postgres://turnkeep:{}@{host}:5432/{database}", self.password)
    }

    fn wait_until_ready(&mut self) -> Result<(), PostgresError> {
        let mut answer = String::new();
        if let Some(stdout) = self.watchdog.stdout.take() {
            BufReader::new(stdout).read_line(&mut answer).map_err(PostgresError::system("read from sh"))?;
        }
        if answer.trim() == "ready" { Ok(()) } else { Err(PostgresError::NotStarted { log: self.log_end() }) }
    }

    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(20)).copied().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of the input is the watchdog's order to stop.
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

fn write_input(dir: &Path, password: &str) -> Result<(), PostgresError> {
    let socket_dir = dir.to_string_lossy().replace('\'', "''");
    let settings = format!("{SETTINGS}unix_socket_directories = '{socket_dir}'\n");
    fs::write(dir.join("password"), password)
        .and_then(|()| fs::write(dir.join("settings.conf"), settings))
        .map_err(PostgresError::system("write into the temporary folder"))
}

fn watchdog(programs: &Path, dir: &Path) -> Result<Command, PostgresError> {
    let mut command = Command::new("sh");
    command
        .args(["-c", WATCHDOG, "turnkeep-postgres"])
        .args([programs, dir])
        .env("LC_ALL", "C")
        .current_dir(dir)
        // Of its own group, so that an interrupt at the terminal leaves it alive to clean up.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // What this process has just made belongs to the user it runs as.
    let made = fs::metadata(dir).map_err(PostgresError::system("look at the temporary folder"))?;
    if made.uid() == 0 {
        let account = Account::find().ok_or(PostgresError::AccountMissing)?;
        for path in [dir, &dir.join("password"), &dir.join("settings.conf")] {
            chown(path, Some(account.uid), Some(account.gid))
                .map_err(PostgresError::system("give the temporary folder to the server's account"))?;
        }
        command.uid(account.uid).gid(account.gid);
    }
    Ok(command)
}

/// Whom the server runs as where the tests run as root, which PostgreSQL refuses.
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    fn find() -> Option<Self> {
        let accounts = fs::read_to_string("/etc/passwd").ok()?;
        ["postgres", "nobody"].into_iter().find_map(|name| Self::named(&accounts, name))
    }

    /// A line reads `name:password:uid:gid:…`.
    fn named(accounts: &str, name: &str) -> Option<Self> {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next()? != name {
                return None;
            }
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            Some(Self { uid, gid })
        })
    }
}

/// A socket folder takes the place of the host in a URL, its slashes encoded.
fn percent_encoded(path: &Path) -> String {
    path.to_string_lossy()
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        let accounts = "postgres2:x:7:8::/:/bin/sh\npostgres:x:101:104:,,,:/var/lib:/bin/bash\n";
        let account = Account::named(accounts, "postgres").unwrap();
        assert_eq!((account.uid, account.gid), (101, 104));
        assert!(Account::named(accounts, "nobody").is_none());
    }

    #[test]
    fn a_socket_folder_stands_encoded_in_the_url() {
        assert_eq!(percent_encoded(Path::new("/tmp/a b-1")), "%2Ftmp%2Fa%20b-1");
    }
}
