//! The formats that can be imported, and the one way in.

use std::fmt;
use std::str::FromStr;

use crate::import_set::{ImportError, ImportSet, MAX_INPUT_BYTES};
use crate::{hydra, keycloak, trusted_application_csv, turnkeep_json};

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// Our own documents.
    Turnkeep,
    /// The export of a Keycloak realm.
    Keycloak,
    /// Clients of Ory Hydra.
    Hydra,
    /// Seed 002's records as CSV.
    TrustedApplicationCsv,
}

/// The text names no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a format is `turnkeep`, `keycloak`, `hydra` or `csv`")]
pub struct ImportFormatError;

impl ImportFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Turnkeep, Self::Keycloak, Self::Hydra, Self::TrustedApplicationCsv];

    /// The text form, as on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Turnkeep => "turnkeep",
            Self::Keycloak => "keycloak",
            Self::Hydra => "hydra",
            Self::TrustedApplicationCsv => "csv",
        }
    }

    /// Reads a text of this format. What cannot be taken over is a problem of its record and leaves only that
    /// record out; an error means that there is nothing to take records from.
    pub fn read(self, text: &str) -> Result<ImportSet, ImportError> {
        if MAX_INPUT_BYTES < text.len() {
            return Err(ImportError::TooLarge);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match self {
            Self::Turnkeep => turnkeep_json::read(text),
            Self::Keycloak => keycloak::read(text),
            Self::Hydra => hydra::read(text),
            Self::TrustedApplicationCsv => trusted_application_csv::read(text),
        }
    }
}

impl fmt::Display for ImportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ImportFormat {
    type Err = ImportFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.as_str() == text).ok_or(ImportFormatError)
    }
}
