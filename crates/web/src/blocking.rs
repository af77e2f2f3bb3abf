//! Use cases are synchronous: they run on the blocking pool, and only so many at once.

use std::sync::Arc;

use actix_web::web;
use turnkeep_service::authority::Authority;

use crate::state::WebState;

/// Why a use case did not run to its end.
#[derive(Debug)]
pub(crate) enum NotRun {
    /// Too many run already.
    Overloaded,
    /// It panicked, or the server is stopping.
    Broken,
}

/// Whether a use case may be turned away under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Yes.
    Usual,
    /// No: what stops an access has to get through.
    AlwaysRun,
}

/// Runs a use case.
pub(crate) async fn run<T: Send + 'static>(
    state: &WebState,
    urgency: Urgency,
    use_case: impl FnOnce(&Authority) -> T + Send + 'static,
) -> Result<T, NotRun> {
    let permit = match (state.in_flight.try_enter(), urgency) {
        (None, Urgency::Usual) => return Err(NotRun::Overloaded),
        (permit, Urgency::Usual | Urgency::AlwaysRun) => permit,
    };
    let authority = Arc::clone(&state.authority);
    let run = web::block(move || {
        // Held by the work itself: it goes on when the client has gone away.
        let _permit = permit;
        use_case(&authority)
    });
    run.await.map_err(|_| NotRun::Broken)
}
