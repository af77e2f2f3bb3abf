//! PostgreSQL for tests: one throwaway server for each test process, one empty database for each test.
//! Runs SQL through `psql`, so that no client library of the code under test is needed here.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

use server::Server;

mod programs;
mod random;
mod server;

/// Names a running server to use instead of a throwaway one: the URL of a role that may create databases.
const ADMIN_URL_VARIABLE: &str = "TURNKEEP_TEST_POSTGRES_URL";

/// Why there is no PostgreSQL to test with.
#[derive(Clone, thiserror::Error)]
pub enum PostgresError {
    /// Neither programs nor a running server.
    #[error(
        "no PostgreSQL server programs found: run `cargo xtask setup`, or install them (on Debian: `apt-get install \
         postgresql`), or name a running server by setting TURNKEEP_TEST_POSTGRES_URL to the URL of a role that may \
         create databases"
    )]
    ProgramsMissing,
    /// The variable holds something else than a URL.
    #[error("TURNKEEP_TEST_POSTGRES_URL is not of the form postgres://user:password@host:port/database")]
    AdminUrl,
    /// PostgreSQL refuses to run as root.
    #[error(
        "running as root, and there is neither an account `postgres` nor an account `nobody` to run it as"
    )]
    AccountMissing,
    /// The throwaway server did not come up.
    #[error("the throwaway PostgreSQL server did not start; the end of its log:\n{log}")]
    NotStarted {
        /// The last lines of the log.
        log: String,
    },
    /// The server refused a statement.
    #[error("psql failed: {message}")]
    Refused {
        /// What `psql` says.
        message: String,
    },
    /// The operating system refused something.
    #[error("could not {doing}")]
    System {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        #[source]
        cause: Arc<io::Error>,
    },
}

/// A test that unwraps shows this: it shall say what to install, and not only which variant it is.
impl fmt::Debug for PostgresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { cause, .. } => write!(f, "{self}: {cause}"),
            _ => write!(f, "{self}"),
        }
    }
}

impl PostgresError {
    fn system(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::System { doing, cause: Arc::new(cause) }
    }
}

/// A PostgreSQL server on which tests make databases. Safe to use from many threads.
#[derive(Debug)]
pub struct PostgresCluster {
    admin: Connection,
    /// Ends the throwaway server when dropped; absent for a server named by the environment.
    _server: Option<Server>,
}

impl PostgresCluster {
    /// The server of this test process, started at the first call.
    ///
    /// It is the server that `TURNKEEP_TEST_POSTGRES_URL` names, or else a throwaway one that ends with this
    /// process, however the process ends.
    ///
    /// # Errors
    /// The same at every call, when there is no server: see [`PostgresError`].
    pub fn shared() -> Result<&'static Self, PostgresError> {
        static SHARED: OnceLock<Result<PostgresCluster, PostgresError>> = OnceLock::new();
        SHARED.get_or_init(Self::named_or_started).as_ref().map_err(Clone::clone)
    }

    /// A throwaway server of its own, for a test that wants to lose it: dropping it ends the server.
    ///
    /// # Errors
    /// When the programs are missing or the server does not come up.
    pub fn start() -> Result<Self, PostgresError> {
        let programs = programs::find_program_dir().ok_or(PostgresError::ProgramsMissing)?;
        let server = Server::start(&programs)?;
        let admin = Connection { psql: programs.join("psql"), url: server.url("postgres") };
        Ok(Self { admin, _server: Some(server) })
    }

    /// An empty database: UTF-8, ordered by code point.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn new_database(&self) -> Result<TestDatabase, PostgresError> {
        // Spelled out so that a server named by the environment behaves as the throwaway one does.
        self.create_database("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    }

    /// A copy of `template`, so that migrations run once and not for every test.
    ///
    /// # Errors
    /// When the server refuses: above all while anything is still connected to `template`.
    pub fn new_database_from(&self, template: &TestDatabase) -> Result<TestDatabase, PostgresError> {
        self.create_database(&format!("TEMPLATE {}", template.name))
    }

    fn named_or_started() -> Result<Self, PostgresError> {
        #[expect(clippy::disallowed_methods, reason = "test code that no part of the product reaches")]
        let Ok(url) = std::env::var(ADMIN_URL_VARIABLE) else { return Self::start() };
        let psql = programs::find_program_dir().map_or_else(|| PathBuf::from("psql"), |dir| dir.join("psql"));
        Ok(Self { admin: Connection { psql, url }, _server: None })
    }

    fn create_database(&self, options: &str) -> Result<TestDatabase, PostgresError> {
        let name = format!("turnkeep_test_{}", random::hex()?);
        let connection = self.admin.to_database(&name)?;
        self.admin.run_sql(&format!("CREATE DATABASE {name} {options}"))?;
        Ok(TestDatabase { name, connection, admin: self.admin.clone() })
    }
}

/// A database of one test, dropped with this value. Keep the value for as long as the database is used.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    connection: Connection,
    admin: Connection,
}

impl TestDatabase {
    /// Its `postgres://` URL with user and password in it, so that nothing else is needed to connect.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.connection.url
    }

    /// Runs SQL past the code under test. Returns the rows of the answer, a line each, columns divided by `|`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn run_sql(&self, sql: &str) -> Result<String, PostgresError> {
        self.connection.run_sql(sql)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Best effort: the throwaway server goes anyway, and a failing test shall report its own failure.
        let _ = self.admin.run_sql(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

#[derive(Debug, Clone)]
struct Connection {
    psql: PathBuf,
    url: String,
}

impl Connection {
    fn to_database(&self, name: &str) -> Result<Self, PostgresError> {
        let (scheme, rest) = self.url.split_once("://").ok_or(PostgresError::AdminUrl)?;
        let (address, parameters) = match rest.split_once('?') {
            Some((address, parameters)) => (address, format!("?{parameters}")),
            None => (rest, String::new()),
        };
        let authority = address.split_once('/').map_or(address, |(authority, _)| authority);
        Ok(Self { psql: self.psql.clone(), url: format!("{scheme}://{authority}/{name}{parameters}") })
    }

    fn run_sql(&self, sql: &str) -> Result<String, PostgresError> {
        let output = Command::new(&self.psql)
            .args(["--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--dbname", &self.url, "--command", sql])
            .stdin(Stdio::null())
            .output()
            .map_err(PostgresError::system("run psql"))?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(PostgresError::Refused { message });
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_an_admin_url_is_replaced() {
        let cases = [
            ("postgres://u:p@host:5432/postgres", "postgres://u:p@host:5432/fresh"),
            ("postgres://u:p@host", "postgres://u:p@host/fresh"),
            (
                "postgresql://u:p@%2Ftmp%2Fa/x?sslmode=disable",
                "postgresql://u:p@%2Ftmp%2Fa/fresh?sslmode=disable",
            ),
            ("postgres://u:p@host?sslcert=/a/b", "postgres://u:p@host/fresh?sslcert=/a/b"),
        ];
        for (url, expected) in cases {
            let admin = Connection { psql: PathBuf::from("psql"), url: url.to_owned() };
            assert_eq!(admin.to_database("fresh").unwrap().url, expected);
        }
    }

    #[test]
    fn an_admin_url_without_a_scheme_is_refused() {
        let admin = Connection { psql: PathBuf::from("psql"), url: "host=localhost".to_owned() };
        assert!(matches!(admin.to_database("fresh"), Err(PostgresError::AdminUrl)));
    }

    #[test]
    fn a_test_without_a_server_is_told_what_to_install() {
        assert!(format!("{:?}", PostgresError::ProgramsMissing).contains("apt-get install postgresql"));
    }

    #[test]
    fn the_password_in_the_url_is_needed() {
        let cluster = PostgresCluster::start().unwrap();
        let mut connection = cluster.admin.clone();
        assert_eq!(connection.run_sql("SELECT 1").unwrap(), "1");
        let (before, after) = connection.url.split_once('@').unwrap();
        connection.url = format!("{before}wrong@{after}");
        assert!(matches!(connection.run_sql("SELECT 1"), Err(PostgresError::Refused { .. })));
    }
}
