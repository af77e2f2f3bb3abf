//! The bound on failures in a row at one person's password or codes, counted in the database: for all nodes together, by
//! whatever name the person is called, and however long it takes.
//!
//! Only browsers that are new to the person are counted, and only those are refused beyond the bound: nobody is locked
//! out of a browser that is known. Beyond it what is right is answered like what is wrong, after the same work, so that
//! nobody learns from the answer whether there is such a person, or how often somebody else has failed. A new password,
//! a passkey or a known browser ends the row.

use sha2::{Digest, Sha256};
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_storage::credential::StoredPassword;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::guess_count::{GuessCounts, GuessSubject, GuessedCredential};

use crate::authority::Authority;
use crate::failure::Fault;
use crate::sign_in::account_links::can_sign_in;
use crate::sign_in::password_hash::{NormalisedPassword, Standing, verify_password};
use crate::sign_in::password_turn::require_password_turn;
use crate::sign_in::person::{Person, name_key};

/// How many failures in a row there may be (NIST SP 800-63B §3.2.2).
const MAX_FAILURES: u64 = 100;

const PASSWORD: GuessedCredential = GuessedCredential::Password;

/// What a password that somebody presents is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PasswordVerdict {
    Right,
    Wrong,
    /// There were too many wrong ones before it: nobody is told whether it is right.
    Exhausted,
}

/// Whether it is the person's password. The row ends with one that is right and lets the person in.
pub(crate) fn judge_password_guess(
    authority: &Authority,
    instance_id: InstanceId,
    standing: Standing,
    (typed, person): (&str, &Person),
    password: Option<&NormalisedPassword>,
) -> Result<PasswordVerdict, Fault> {
    // Whoever has to come back has not guessed yet.
    require_password_turn(standing)?;
    let user_id = person.user.as_ref().map_or_else(|| nobodys_id(typed), |user| user.id);
    let guess =
        count_guess(authority, standing, GuessSubject { instance_id, user_id, credential: PASSWORD })?;
    let stored: Option<&StoredPassword> = person.password.as_ref();
    let matches = match verify_password(authority, standing, stored, password) {
        Ok(matches) => matches,
        Err(fault) => {
            guess.was_none();
            return Err(fault);
        }
    };
    if !guess.counts() {
        return Ok(PasswordVerdict::Exhausted);
    }
    if !matches {
        return Ok(PasswordVerdict::Wrong);
    }
    if person.user.as_ref().is_some_and(can_sign_in) {
        guess.was_right()?;
    }
    Ok(PasswordVerdict::Right)
}

/// An id that nobody has: the same writes are made for a name that nobody has, into a few rows for all of them.
fn nobodys_id(typed: &str) -> UserId {
    let [first, ..] = <[u8; 32]>::from(Sha256::digest(name_key(typed)));
    let mut id = [0; 16];
    id[15] = first;
    UserId::from_bytes(id)
}

/// A guess, counted as a failure until it is known to be none, so that many at once are as many as one after the other.
pub(crate) struct CountedGuess<'a> {
    authority: &'a Authority,
    subject: GuessSubject,
    standing: Standing,
    failures: u64,
}

/// Counts a guess.
pub(crate) fn count_guess(
    authority: &Authority,
    standing: Standing,
    subject: GuessSubject,
) -> Result<CountedGuess<'_>, Fault> {
    let failures = match standing {
        Standing::Known => 0,
        Standing::Stranger => authority.store.admit(|admits| admits.charge_guess(&subject))?,
    };
    Ok(CountedGuess { authority, subject, standing, failures })
}

impl CountedGuess<'_> {
    /// Whether it counts if it is right.
    pub(crate) fn counts(&self) -> bool {
        self.failures <= MAX_FAILURES
    }

    /// It was right: the row ends.
    pub(crate) fn was_right(self) -> Result<(), Fault> {
        Ok(self.authority.store.admit(|admits| admits.forgive_guesses(&self.subject))?)
    }

    /// It could not be looked at.
    pub(crate) fn was_none(self) {
        if self.standing == Standing::Known {
            return;
        }
        if let Err(error) = self.authority.store.admit(|admits| admits.refund_guess(&self.subject)) {
            tracing::warn!(error = %error, "a guess that nobody looked at stays counted");
        }
    }
}

/// Ends all rows of somebody who has shown by other means who they are.
pub(crate) fn forgive_all_guesses(
    counts: &mut (impl GuessCounts + ?Sized),
    instance_id: InstanceId,
    user_id: UserId,
) -> StoreResult<()> {
    for credential in [PASSWORD, GuessedCredential::SecondFactor] {
        counts.forgive_guesses(&GuessSubject { instance_id, user_id, credential })?;
    }
    Ok(())
}
