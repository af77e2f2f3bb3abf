//! Where the database is. The text may hold a password, so it is never printed as it is.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a text does not say where a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Nothing was given, or nothing but a scheme.
    #[error("must be `sqlite:PATH`, `sqlite::memory:`, a path or `postgres://…`")]
    Empty,
    /// A scheme of another database.
    #[error("only SQLite (`sqlite:PATH`) and PostgreSQL (`postgres://…`) are supported")]
    Scheme,
}

/// A database: a file, memory, or a PostgreSQL server. `Debug` and `Display` leave the password out.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Location);

/// What the URL says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Location {
    SqliteFile(PathBuf),
    SqliteMemory,
    Postgres(String),
}

impl DatabaseUrl {
    /// Accepts `sqlite:PATH`, `sqlite://PATH`, a bare path, `sqlite::memory:`, and `postgres://…` or
    /// `postgresql://…` as libpq understands them.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self(Location::Postgres(text.to_owned())));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path == ":memory:" {
            return Ok(Self(Location::SqliteMemory));
        }
        if path.is_empty() {
            return Err(DatabaseUrlError::Empty);
        }
        // SQLite itself would take `file:…` for a URI with options.
        if path.contains("://") || path.starts_with("file:") {
            return Err(DatabaseUrlError::Scheme);
        }
        Ok(Self(Location::SqliteFile(PathBuf::from(path))))
    }

    /// The file, if it is SQLite with one.
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.0 {
            Location::SqliteFile(path) => Some(path),
            Location::SqliteMemory | Location::Postgres(_) => None,
        }
    }

    /// Whether more than one node can use it at a time.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0, Location::Postgres(_))
    }

    /// Whether everybody who connects to it sees the same database; one in memory is its process's own.
    pub fn can_be_shared(&self) -> bool {
        *self.location() != Location::SqliteMemory
    }

    pub(crate) fn location(&self) -> &Location {
        &self.0
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::SqliteFile(path) => write!(f, "sqlite:{}", path.display()),
            Location::SqliteMemory => f.write_str("sqlite::memory:"),
            Location::Postgres(url) => write!(f, "postgres://{}", host_and_database(url).unwrap_or("…")),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// What may be shown of a PostgreSQL URL. Where a careless password could hide (unescaped, it moves the
/// borders of the parts), nothing is.
fn host_and_database(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (authority, tail) = rest.split_once(['/', '?']).unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port_is_number =
        host.rsplit_once(':').is_none_or(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    if tail.contains('@') || !port_is_number {
        return None;
    }
    let shown = rest.split_once('?').map_or(rest, |(shown, _)| shown);
    Some(shown.rsplit_once('@').map_or(shown, |(_, shown)| shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_names_its_database() {
        for (text, shown) in [
            ("sqlite:data/turnkeep.db", "sqlite:data/turnkeep.db"),
            ("sqlite:///var/lib/turnkeep.db", "sqlite:/var/lib/turnkeep.db"),
            ("/var/lib/turnkeep.db", "sqlite:/var/lib/turnkeep.db"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://localhost/turnkeep", "postgres://localhost/turnkeep"),
            ("postgresql://db.internal:5432/turnkeep", "postgres://db.internal:5432/turnkeep"),
        ] {
            assert_eq!(DatabaseUrl::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn other_schemes_and_empty_texts_are_refused() {
        for (text, error) in [
            ("", DatabaseUrlError::Empty),
            ("sqlite:", DatabaseUrlError::Empty),
            ("mysql://localhost/turnkeep", DatabaseUrlError::Scheme),
            ("file:turnkeep.db?mode=ro", DatabaseUrlError::Scheme),
        ] {
            assert_eq!(DatabaseUrl::parse(text), Err(error));
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        for text in [
            "postgres://turnkeep:hunter2@localhost/turnkeep",
            "postgres://turnkeep:hunter2@localhost:5432/turnkeep?sslmode=require",
            "postgres://localhost/turnkeep?user=turnkeep&password=hunter2",
            "postgres://localhost?password=hunter2",
            "postgres://localhost/turnkeep?password=a@hunter2",
            "postgres://turnkeep:a/hunter2@localhost/turnkeep",
            "postgres://turnkeep:a?hunter2@localhost/turnkeep",
            "postgres://turnkeep:a@hunter2@localhost/turnkeep",
            "postgres://turnkeep:a@hunter2/b@localhost/turnkeep",
            "postgres://turnkeep:hunter2",
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert!(!format!("{url} {url:?}").contains("hunter2"), "{text}");
        }
    }
}
