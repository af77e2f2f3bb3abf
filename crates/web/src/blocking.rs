//! Use cases that take a while run on the blocking pool, and only so many at once.

use std::sync::Arc;
use std::time::Instant;

use actix_web::web;
use tokio::sync::OwnedSemaphorePermit;
use turnkeep_guard::in_flight::InFlightPermit;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_service::authority::Authority;
use turnkeep_service::cluster::observed::observe;
use turnkeep_service::cluster::propagation::Propagation;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::sign_in::password_turn::{PasswordTurn, with_password_turn};

use crate::error::fault::FaultKind;
use crate::password_turns::TakenTurn;
use crate::request_span;
use crate::state::WebState;

/// Why a use case did not run to its end.
#[derive(Debug, Clone)]
pub(crate) enum NotRun {
    /// Too many run already.
    Overloaded,
    /// It panicked, or the server is stopping.
    Broken,
    /// What it needs could not be read; that has been logged.
    NotLoaded(FaultKind),
}

/// Whether a use case may be turned away under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Yes.
    Usual,
    /// No: what stops an access has to get through. But anybody may ask for it, so that only so many run at once and the
    /// others wait.
    Revocation,
    /// The same for finding out whether somebody may stop an access, which does not wait for what others stop.
    UrgentCaller,
    /// No, and it waits for nobody: whoever asks for it is known.
    AlwaysRun,
}

impl Urgency {
    /// Of a request of this importance that anybody may send.
    pub(crate) fn of_anybody(priority: Priority) -> Self {
        match Self::of(priority) {
            Self::AlwaysRun => Self::Revocation,
            urgency => urgency,
        }
    }

    /// Of a request of this importance by somebody who is known.
    pub(crate) fn of(priority: Priority) -> Self {
        match priority {
            Priority::AlwaysPass => Self::AlwaysRun,
            Priority::Token | Priority::Introspection | Priority::Management | Priority::Dashboard => {
                Self::Usual
            }
        }
    }
}

/// Runs a use case.
pub(crate) async fn run<T: Send + 'static>(
    state: &WebState,
    urgency: Urgency,
    use_case: impl FnOnce(&Authority) -> T + Send + 'static,
) -> Result<T, NotRun> {
    run_observed(state, urgency, use_case).await.map(|(result, _)| result)
}

/// Runs a use case that may hash passwords of people. When it comes to that it ends, waits for its turn in nobody's place,
/// and begins anew: up to there it only reads.
pub(crate) async fn run_hashing<T, D>(
    state: &WebState,
    urgency: Urgency,
    use_case: impl Fn(&Authority) -> Result<T, Failure<D>> + Send + 'static,
) -> Result<Result<T, Failure<D>>, NotRun>
where
    T: Send + 'static,
    D: Send + 'static,
{
    let tried = run(state, urgency, move |authority| {
        let ended = use_case(authority);
        (ended, use_case)
    });
    let (ended, use_case) = tried.await?;
    let Err(Failure::Fault(Fault::NoPasswordTurn(standing))) = ended else { return Ok(ended) };
    let turn = state.password_turns.take(standing).await.ok_or(NotRun::Overloaded)?;
    run_in_turn(state, urgency, Some(turn), use_case).await.map(|(result, _)| result)
}

/// Runs a use case that may change something; with its result comes what the change waited for.
pub(crate) async fn run_observed<T: Send + 'static>(
    state: &WebState,
    urgency: Urgency,
    use_case: impl FnOnce(&Authority) -> T + Send + 'static,
) -> Result<(T, Option<Propagation>), NotRun> {
    run_in_turn(state, urgency, None, use_case).await
}

async fn run_in_turn<T: Send + 'static>(
    state: &WebState,
    urgency: Urgency,
    turn: Option<TakenTurn>,
    use_case: impl FnOnce(&Authority) -> T + Send + 'static,
) -> Result<(T, Option<Propagation>), NotRun> {
    let place = Place::take(state, urgency).await?;
    let may_hash = if turn.is_some() { PasswordTurn::Taken } else { PasswordTurn::Awaited };
    let authority = Arc::clone(&state.authority);
    let (limit, submitted) = (state.in_flight.clone(), Instant::now());
    let span = request_span::elsewhere("use case");
    let run = web::block(move || {
        // Held by the work itself: it goes on when the client has gone away.
        let _held = (place, turn);
        limit.observe_wait(submitted.elapsed());
        span.in_scope(|| observe(|| with_password_turn(may_hash, || use_case(&authority))))
    });
    run.await.map_err(|_| NotRun::Broken)
}

/// What a use case holds while it runs.
enum Place {
    /// One of those that may run at once.
    Usual { _permit: InFlightPermit },
    /// One of those that nobody is turned away from. `None` never comes: the turns are never closed.
    InTurn { _permit: Option<OwnedSemaphorePermit> },
    /// Nobody's.
    None,
}

impl Place {
    async fn take(state: &WebState, urgency: Urgency) -> Result<Self, NotRun> {
        let turns = match urgency {
            Urgency::Usual => {
                let permit = state.in_flight.try_enter().ok_or(NotRun::Overloaded)?;
                return Ok(Self::Usual { _permit: permit });
            }
            Urgency::AlwaysRun => return Ok(Self::None),
            Urgency::Revocation => &state.revocations,
            Urgency::UrgentCaller => &state.urgent_callers,
        };
        Ok(Self::InTurn { _permit: Arc::clone(turns).acquire_owned().await.ok() })
    }
}
