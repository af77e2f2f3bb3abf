//! A PostgreSQL server of its own for a task. It listens on a Unix socket in its own folder only.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::{process, setup};

const START_TIMEOUT: Duration = Duration::from_secs(180);

/// When a change counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// When it is on disk, as people run it.
    OnDisk,
    /// When the system has it: nobody waits for a slow disk. It outlives the server, but not the machine.
    WithTheSystem,
}

/// A cluster, running or not. Dropping it ends the server and removes its files.
pub(crate) struct PostgresCluster {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<Account>,
    server: Option<Child>,
}

/// Whom the server runs as where we run as root, which PostgreSQL refuses.
#[derive(Debug, Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

impl PostgresCluster {
    /// A new one, started. Not below the repository, where the server's account might not get.
    pub(crate) fn start(durability: Durability) -> anyhow::Result<Self> {
        let name = format!("turnkeep-xtask-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        // What a process of the same number has left behind.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        let programs = setup::postgres_programs()?;
        let mut cluster = Self { programs, folder, account: None, server: None };
        cluster.account = cluster.hand_over()?;
        cluster.initialise(durability)?;
        cluster.start_again()?;
        Ok(cluster)
    }

    /// Makes an empty database and returns its URL.
    pub(crate) fn create_database(&self, name: &str) -> anyhow::Result<String> {
        let folder = self.folder.to_string_lossy();
        let mut command = self.program("psql");
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--username=turnkeep",
            "--dbname=postgres",
            "--host",
            &folder,
        ]);
        process::run(command.args(["--command", &format!("CREATE DATABASE {name}")]))?;
        // A socket folder takes the place of the host in a URL, its slashes encoded.
        Ok(format!("postgres://turnkeep@{}:5432/{name}", folder.replace('/', "%2F")))
    }

    /// The socket that the server listens on.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Ends the server as if it had crashed: nothing is written out, and the next start has to recover.
    pub(crate) fn stop_immediately(&mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("PostgreSQL does not run")?;
        let mut command = self.program("pg_ctl");
        process::run(command.args(["stop", "--silent", "--mode=immediate", "--pgdata"]).arg(self.data()))?;
        server.wait().context("could not wait for PostgreSQL")?;
        Ok(())
    }

    /// Starts the server on what is there and waits until it takes connections.
    pub(crate) fn start_again(&mut self) -> anyhow::Result<()> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = self.as_account(process::mortal_command(&self.programs.join("postgres")));
        command.arg("-D").arg(self.data()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.server = Some(command.spawn().context("could not start PostgreSQL")?);
        self.wait_until_ready()
    }

    /// The server's account has to own its files.
    fn hand_over(&self) -> anyhow::Result<Option<Account>> {
        // What this process has just made belongs to the user it runs as.
        if fs::metadata(&self.folder)?.uid() != 0 {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").context("could not read the accounts")?;
        let account = ["postgres", "nobody"].into_iter().find_map(|name| Account::named(&accounts, name));
        let account = account.context("there is neither an account `postgres` nor an account `nobody`")?;
        chown(&self.folder, Some(account.uid), Some(account.gid))?;
        Ok(Some(account))
    }

    fn initialise(&self, durability: Durability) -> anyhow::Result<()> {
        let mut command = self.program("initdb");
        command.args(["--username=turnkeep", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        process::output(command.arg("--pgdata").arg(self.data()))?;
        let settings = format!(
            "\nlisten_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 50\nfsync = {}\n",
            self.folder.display(),
            if durability == Durability::OnDisk { "on" } else { "off" }
        );
        let file = self.data().join("postgresql.conf");
        let before = fs::read_to_string(&file)?;
        fs::write(&file, before + &settings).context("could not write the settings of PostgreSQL")
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < START_TIMEOUT {
            if let Some(status) = self.server.as_mut().map(Child::try_wait).transpose()?.flatten() {
                bail!("PostgreSQL ended ({status}); see {}", self.folder.join("log").display());
            }
            let mut command = self.program("pg_isready");
            if process::probe(command.arg("--host").arg(&self.folder)).is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL was not ready after {} s", START_TIMEOUT.as_secs())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        self.as_account(process::command(&self.programs.join(name).to_string_lossy()))
    }

    fn as_account(&self, mut command: Command) -> Command {
        command.env("LC_ALL", "C").current_dir(&self.folder);
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }
}

impl Drop for PostgresCluster {
    fn drop(&mut self) {
        // Best effort: whatever led here shall report its own failure.
        let _ = self.stop_immediately();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Account {
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
}
