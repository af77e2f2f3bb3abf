//! Use cases that take a while run on the blocking pool, and only so many at once.

use std::sync::Arc;
use std::time::Instant;

use actix_web::web;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_service::authority::Authority;
use turnkeep_service::cluster::observed::observe;
use turnkeep_service::cluster::propagation::Propagation;

use crate::error::fault::FaultKind;
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
    /// No: what stops an access has to get through.
    AlwaysRun,
}

impl Urgency {
    /// Of a request of this importance.
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

/// Runs a use case that may change something; with its result comes what the change waited for.
pub(crate) async fn run_observed<T: Send + 'static>(
    state: &WebState,
    urgency: Urgency,
    use_case: impl FnOnce(&Authority) -> T + Send + 'static,
) -> Result<(T, Option<Propagation>), NotRun> {
    let permit = match urgency {
        Urgency::Usual => Some(state.in_flight.try_enter().ok_or(NotRun::Overloaded)?),
        // Takes nobody's place.
        Urgency::AlwaysRun => None,
    };
    let authority = Arc::clone(&state.authority);
    let (limit, submitted) = (state.in_flight.clone(), Instant::now());
    let span = request_span::elsewhere("use case");
    let run = web::block(move || {
        // Held by the work itself: it goes on when the client has gone away.
        let _permit = permit;
        limit.observe_wait(submitted.elapsed());
        span.in_scope(|| observe(|| use_case(&authority)))
    });
    run.await.map_err(|_| NotRun::Broken)
}
