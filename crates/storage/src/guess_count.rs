//! How often somebody has failed in a row, for all nodes together: what a node counts by itself is forgotten with it, and
//! counted again by the next one.

use turnkeep_domain::id::{InstanceId, UserId};

use crate::error::StoreResult;

/// What is guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuessedCredential {
    /// A password.
    Password,
    /// A code of an authenticator app, or a recovery code.
    SecondFactor,
}

/// Whose credential is guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuessSubject {
    /// The instance.
    pub instance_id: InstanceId,
    /// The user; or an id that nobody has, for a name that nobody has.
    pub user_id: UserId,
    /// What of them.
    pub credential: GuessedCredential,
}

/// Counting failures. Each is one statement, so that many at once are as many as one after the other.
pub trait GuessCounts {
    /// Counts one failure more, and says how many there are in a row.
    fn charge_guess(&mut self, subject: &GuessSubject) -> StoreResult<u64>;
    /// Takes one back that was not one.
    fn refund_guess(&mut self, subject: &GuessSubject) -> StoreResult<()>;
    /// Ends the row.
    fn forgive_guesses(&mut self, subject: &GuessSubject) -> StoreResult<()>;
}
