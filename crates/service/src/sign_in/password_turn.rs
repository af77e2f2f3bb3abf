//! Turns at hashing passwords. A use case that hashes one waits for a thread that does so; whoever runs use cases on threads
//! that others need as well has it wait outside, where waiting takes nobody's place.

use std::cell::Cell;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::sign_in::password_hash::Standing;
use crate::slow_hashing::HashingLimits;

thread_local! {
    /// Of the use case that runs on this thread.
    static TURN: Cell<PasswordTurn> = const { Cell::new(PasswordTurn::NotNeeded) };
}

/// Whether a use case may hash passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordTurn {
    /// It may, and waits on its own thread. So it is unless somebody says otherwise.
    NotNeeded,
    /// It may not yet: where it would, it ends with [`Fault::NoPasswordTurn`], before it has changed anything.
    Awaited,
    /// It may: it was waited for.
    Taken,
}

/// Runs a use case, which asks for a turn or has one.
pub fn with_password_turn<T>(turn: PasswordTurn, use_case: impl FnOnce() -> T) -> T {
    let _before = Before(TURN.replace(turn));
    use_case()
}

/// How many may have a turn at once, and how many may wait for one.
pub fn password_turn_limits(authority: &Authority, standing: Standing) -> HashingLimits {
    match standing {
        Standing::Stranger => authority.settings.password_hashing,
        Standing::Known => authority.settings.known_password_hashing,
    }
}

/// Refuses a use case that has to come back with a turn.
pub(crate) fn require_password_turn(standing: Standing) -> Result<(), Fault> {
    match TURN.get() {
        PasswordTurn::NotNeeded | PasswordTurn::Taken => Ok(()),
        PasswordTurn::Awaited => Err(Fault::NoPasswordTurn(standing)),
    }
}

/// What this thread goes back to, also after a panic.
struct Before(PasswordTurn);

impl Drop for Before {
    fn drop(&mut self) {
        TURN.set(self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn is_refused() -> bool {
        matches!(require_password_turn(Standing::Known), Err(Fault::NoPasswordTurn(Standing::Known)))
    }

    #[test]
    fn only_who_awaits_a_turn_is_refused_and_nobody_after_it_on_the_same_thread() {
        assert!(!is_refused());
        assert!(with_password_turn(PasswordTurn::Awaited, is_refused));
        assert!(!with_password_turn(PasswordTurn::Taken, is_refused));
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            with_password_turn(PasswordTurn::Awaited, || panic!("in the middle of a sign-in"))
        }));
        assert!(panicked.is_err() && !is_refused());
    }
}
