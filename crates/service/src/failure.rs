//! How a use case ends when it does not succeed.

use turnkeep_audit::json_lines::WriteError;
use turnkeep_secret::scrypt_hash::ScryptError;
use turnkeep_storage::error::StoreError;
use turnkeep_token::sealing::SealError;

use crate::sign_in::password_hash::Standing;
use crate::snapshot::look_up::Missing;
use crate::storage_settings::probe::ProbeUnavailable;

/// A denial (expected, the caller's business) or a fault (ours).
#[derive(Debug)]
pub enum Failure<D> {
    /// The caller may not, or asked for something that cannot be. Data, not an error.
    Denied(D),
    /// We could not.
    Fault(Fault),
}

impl<D> Failure<D> {
    /// The same failure with the denial in other words.
    pub(crate) fn map<E>(self, denial: impl FnOnce(D) -> E) -> Failure<E> {
        match self {
            Self::Denied(denied) => Failure::Denied(denial(denied)),
            Self::Fault(fault) => Failure::Fault(fault),
        }
    }
}

/// Why we could not. Logged once, by the adapter; the wire only learns that it was our fault.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This node does not know of the latest changes, so it answers nothing until it does.
    #[error("this node is not in step with the others")]
    NotInStep,
    /// Something changed while the answer was being made, time and again.
    #[error("the registry changes faster than it can be read")]
    Overtaken,
    /// What was to be looked up in memory only is not there. Never reaches a caller that allowed more.
    #[error("not in memory")]
    NotInMemory(Missing),
    /// More secrets wait to be hashed than the queue holds; trying again later helps.
    #[error("too many secrets wait to be hashed")]
    Overloaded,
    /// A password would have to be hashed, and there was no turn at that yet. Never reaches a caller that did not ask for
    /// turns ([`PasswordTurn`](crate::sign_in::password_turn::PasswordTurn)).
    #[error("a password would be hashed out of turn")]
    NoPasswordTurn(Standing),
    /// A secret could not be hashed.
    #[error("a secret could not be hashed")]
    Hashing(#[from] ScryptError),
    /// A signing key could not be made, opened or used.
    #[error("a signing key failed: {context}")]
    SigningKey {
        /// What was attempted.
        context: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something that is kept encrypted could not be sealed or opened.
    #[error(transparent)]
    Sealing(#[from] SealError),
    /// More checks of storage run than may; trying again later helps.
    #[error("too many checks of storage are running")]
    TooManyChecks,
    /// A check of storage could not be made; trying again later may help.
    #[error(transparent)]
    ProbeUnavailable(#[from] ProbeUnavailable),
    /// The instance has no active key for the algorithm of a resource.
    #[error("no active signing key for the algorithm of the resource")]
    NoSigningKey,
    /// An export could not be written down.
    #[error("the export could not be written")]
    Document(#[from] serde_json::Error),
    /// An entry of the audit trail could not become a line of an export.
    #[error("the audit trail could not be exported")]
    Export(#[from] WriteError),
}

impl Fault {
    /// Whether the same request may succeed in a moment: the database or the hashing queue is too busy.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Store(StoreError::Unavailable(_))
            | Self::NotInStep
            | Self::Overtaken
            | Self::NotInMemory(_)
            | Self::Overloaded
            | Self::NoPasswordTurn(_)
            | Self::TooManyChecks
            | Self::ProbeUnavailable(_) => true,
            Self::Store(StoreError::Database(_) | StoreError::Corrupt { .. })
            | Self::Hashing(_)
            | Self::SigningKey { .. }
            | Self::Sealing(_)
            | Self::NoSigningKey
            | Self::Document(_)
            | Self::Export(_) => false,
        }
    }

    /// Wraps an error of the key machinery.
    pub(crate) fn signing_key(
        context: &'static str,
    ) -> impl Fn(Box<dyn std::error::Error + Send + Sync>) -> Self {
        move |cause| Self::SigningKey { context, cause }
    }
}

impl<D> From<Fault> for Failure<D> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<D> From<StoreError> for Failure<D> {
    fn from(error: StoreError) -> Self {
        Self::Fault(Fault::Store(error))
    }
}
