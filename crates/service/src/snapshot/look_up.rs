//! How far a use case may go for what it needs.

use std::convert::Infallible;

use turnkeep_domain::id::AppId;
use turnkeep_domain::slug::Slug;

use crate::failure::{Failure, Fault};

/// How often an answer is made again because something changed meanwhile.
const TRIES: usize = 8;

/// Where a use case looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookUp {
    /// In memory only: it does not wait for anything, so it may run where others must not be held up. What is not
    /// there ends it with [`Fault::NotInMemory`].
    InMemory,
    /// In the database too, and it may hash: it may take a while.
    Anywhere,
}

impl LookUp {
    /// For what is in no memory: only the database knows it, or a slow hash.
    pub(crate) fn require_anywhere(self) -> Result<(), Fault> {
        match self {
            Self::InMemory => Err(Fault::NotInMemory(Missing::SlowHash)),
            Self::Anywhere => Ok(()),
        }
    }
}

/// What is not in memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Missing {
    /// The changes since this node looked last.
    Changes,
    /// An instance, or the knowledge that there is none.
    Issuer(Slug),
    /// An app, or the knowledge that there is none.
    App {
        /// Of the instance.
        issuer: Slug,
        /// What a client presented.
        client_id: String,
    },
    /// How many tokens were issued to an app before this node began to count.
    TokenTotals(AppId),
    /// The result of a slow hash: the use case has to run where it may take a while.
    SlowHash,
}

/// [`while_overtaken`] for an answer that is never a denial.
pub(crate) fn fault_while_overtaken<T>(
    look_up: LookUp,
    mut answer: impl FnMut() -> Result<T, Fault>,
) -> Result<T, Fault> {
    match while_overtaken(look_up, || answer().map_err(Failure::<Infallible>::Fault)) {
        Ok(answer) => Ok(answer),
        Err(Failure::Fault(fault)) => Err(fault),
        Err(Failure::Denied(never)) => match never {},
    }
}

/// Makes an answer, and makes it again when a change came in between. Whoever looks in memory only is told instead, since
/// what has changed is no longer there.
pub(crate) fn while_overtaken<T, D>(
    look_up: LookUp,
    mut answer: impl FnMut() -> Result<T, Failure<D>>,
) -> Result<T, Failure<D>> {
    let tries = match look_up {
        LookUp::InMemory => 1,
        LookUp::Anywhere => TRIES,
    };
    for _ in 1..tries {
        match answer() {
            Err(Failure::Fault(Fault::Overtaken)) => {}
            ended => return ended,
        }
    }
    answer()
}
