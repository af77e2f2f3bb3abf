//! Use cases that find what they need in memory run where they are: no other thread, no database. What is missing is
//! brought there first, once for everybody who waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::rt::time::timeout;
use actix_web::web;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::snapshot::look_up::{LookUp, Missing};

use crate::blocking::{NotRun, Urgency, run};
use crate::error::fault::{FaultKind, log_load_fault};
use crate::state::WebState;

/// An answer needs three things: the latest changes, its issuer and its app. Each may change again while it is read.
const LOADS: usize = 8;

/// How long a request waits for what is missing.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs a use case in memory, or where it may take a while if it has to.
pub(crate) async fn run_from_memory<T, D>(
    state: &WebState,
    urgency: Urgency,
    use_case: impl Fn(&Authority, LookUp) -> Result<T, Failure<D>> + Send + 'static,
) -> Result<Result<T, Failure<D>>, NotRun>
where
    T: Send + 'static,
    D: Send + 'static,
{
    for _ in 0..LOADS {
        match use_case(&state.authority, LookUp::InMemory) {
            Err(Failure::Fault(Fault::NotInMemory(Missing::SlowHash))) => break,
            Err(Failure::Fault(Fault::NotInMemory(missing))) => state.loads.load(state, missing).await?,
            Err(Failure::Fault(Fault::Overtaken)) => {}
            ended => return Ok(ended),
        }
    }
    run(state, urgency, move |authority| use_case(authority, LookUp::Anywhere)).await
}

/// What is being brought into memory at the moment.
#[derive(Default)]
pub(crate) struct Loads(Mutex<HashMap<Missing, Load>>);

type Load = Shared<BoxFuture<'static, Result<(), NotRun>>>;

impl Loads {
    /// Joins whoever loads the same already, or begins.
    async fn load(&self, state: &WebState, missing: Missing) -> Result<(), NotRun> {
        let load = self.join_or_begin(state, &missing)?;
        // A database that is cut off may keep a connection waiting much longer than a client.
        let loaded = timeout(PATIENCE, load).await.unwrap_or(Err(NotRun::NotLoaded(FaultKind::Unavailable)));
        // Whoever comes now finds it in memory, or what has changed since has to be loaded again.
        self.lock().remove(&missing);
        loaded
    }

    fn join_or_begin(&self, state: &WebState, missing: &Missing) -> Result<Load, NotRun> {
        let mut loads = self.lock();
        if let Some(load) = loads.get(missing) {
            return Ok(load.clone());
        }
        let permit = state.in_flight.try_enter().ok_or(NotRun::Overloaded)?;
        let (authority, wanted) = (Arc::clone(&state.authority), missing.clone());
        let work = web::block(move || {
            let _permit = permit;
            authority.load(&wanted).map_err(|fault| NotRun::NotLoaded(log_load_fault(&fault)))
        });
        let load = async move { work.await.unwrap_or(Err(NotRun::Broken)) }.boxed().shared();
        loads.insert(missing.clone(), load.clone());
        Ok(load)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Missing, Load>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
