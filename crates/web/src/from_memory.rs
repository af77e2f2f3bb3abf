//! Use cases that find what they need in memory run where they are: no other thread, no database. What is missing is
//! brought there first, once for everybody who waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::rt::time::timeout;
use actix_web::web;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::Semaphore;
use turnkeep_guard::in_flight::InFlightLimit;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::snapshot::look_up::{LookUp, Missing};

use crate::admission::worker_queue;
use crate::blocking::{NotRun, Urgency, run_hashing};
use crate::error::fault::{FaultKind, log_load_fault};
use crate::request_span;
use crate::state::WebState;

/// An answer needs three things: the latest changes, its issuer and its app. Each may change again while it is read.
const LOADS: usize = 8;

/// How many threads read at once. Half of the connections are left to others; more threads would not be faster, and each
/// has memory of its own.
const LOADS_AT_ONCE: usize = 4;

/// How many reads there may be beyond those that find a place among the use cases: what nobody has to be known for, and
/// much that matters less, takes those places, too, and must not keep tokens from being answered.
const RESERVED_FOR_LOADS: usize = 64;

/// How long a request waits for what is missing.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs a use case in memory, or where it may take a while if it has to.
pub(crate) async fn run_from_memory<T, D>(
    state: &web::Data<WebState>,
    urgency: Urgency,
    use_case: impl Fn(&Authority, LookUp) -> Result<T, Failure<D>> + Send + 'static,
) -> Result<Result<T, Failure<D>>, NotRun>
where
    T: Send + 'static,
    D: Send + 'static,
{
    for _ in 0..LOADS {
        match worker_queue::work(state, || use_case(&state.authority, LookUp::InMemory)) {
            Err(Failure::Fault(Fault::NotInMemory(Missing::SlowHash))) => break,
            Err(Failure::Fault(Fault::NotInMemory(missing))) => state.loads.load(state, missing).await?,
            Err(Failure::Fault(Fault::Overtaken)) => {}
            ended => return Ok(ended),
        }
    }
    run_hashing(state, urgency, move |authority| use_case(authority, LookUp::Anywhere)).await
}

/// What is being brought into memory at the moment.
pub(crate) struct Loads {
    under_way: Mutex<HashMap<Missing, Load>>,
    turns: Arc<Semaphore>,
    reserve: InFlightLimit,
}

impl Default for Loads {
    fn default() -> Self {
        Self {
            under_way: Mutex::default(),
            turns: Arc::new(Semaphore::new(LOADS_AT_ONCE)),
            reserve: InFlightLimit::new(RESERVED_FOR_LOADS),
        }
    }
}

type Load = Shared<BoxFuture<'static, Result<(), NotRun>>>;

impl Loads {
    /// Joins whoever loads the same already, or begins.
    async fn load(&self, state: &WebState, missing: Missing) -> Result<(), NotRun> {
        let mut joined = Joined { load: Some(self.join_or_begin(state, &missing)?), loads: self, missing };
        let Some(load) = &mut joined.load else { return Err(NotRun::Broken) };
        match timeout(PATIENCE, load).await {
            Ok(loaded) => loaded,
            // A database that is cut off may keep a connection waiting much longer than a client.
            Err(_) => {
                self.lock().remove(&joined.missing);
                Err(NotRun::NotLoaded(FaultKind::Unavailable))
            }
        }
    }

    fn join_or_begin(&self, state: &WebState, missing: &Missing) -> Result<Load, NotRun> {
        let mut loads = self.lock();
        if let Some(load) = loads.get(missing) {
            return Ok(load.clone());
        }
        let place = state.in_flight.try_enter().or_else(|| self.reserve.try_enter());
        let place = place.ok_or(NotRun::Overloaded)?;
        let (authority, wanted) = (Arc::clone(&state.authority), missing.clone());
        let turns = Arc::clone(&self.turns);
        let span = request_span::elsewhere("load into memory");
        let load = async move {
            let turn = turns.acquire_owned().await.map_err(|_| NotRun::Broken)?;
            let work = web::block(move || {
                let _held = (place, turn);
                let load = || authority.load(&wanted);
                span.in_scope(|| load().map_err(|fault| NotRun::NotLoaded(log_load_fault(&fault))))
            });
            work.await.unwrap_or(Err(NotRun::Broken))
        };
        let load = load.boxed().shared();
        loads.insert(missing.clone(), load.clone());
        Ok(load)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Missing, Load>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that waits for a load, until it is over or the client has gone away.
struct Joined<'a> {
    loads: &'a Loads,
    missing: Missing,
    load: Option<Load>,
}

impl Drop for Joined<'_> {
    /// When it is over, whoever comes now finds it in memory, or what has changed since has to be loaded again. When
    /// nobody waits any more, nobody would ever forget it.
    fn drop(&mut self) {
        let mut loads = self.loads.lock();
        drop(self.load.take());
        let is_done =
            |load: &Load| load.peek().is_some() || load.strong_count().is_none_or(|waiting| waiting <= 1);
        if loads.get(&self.missing).is_some_and(is_done) {
            loads.remove(&self.missing);
        }
    }
}
