//! The admission of one request, in the steps in which it becomes known who asks.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::rt::time::sleep;
use actix_web::{HttpMessage, HttpRequest, web};
use turnkeep_domain::audit::Actor;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::rate_limits::limiter::Party;
use turnkeep_guard::rate_limits::quota::RateQuota;
use turnkeep_guard::rate_limits::standing::Standing;
use turnkeep_guard::rate_limits::verdict::Verdict;
use turnkeep_guard::resource::guard_state::Treatment;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_service::tokens::admission::{Admission, Applicant, CountedToken, NotAdmitted};

use crate::admission::refusal::Refusal;
use crate::admission::worker_queue;
use crate::error::retry_after;
use crate::state::WebState;
use crate::telemetry::shed_reason::ShedReason;

/// About how long a request waits that is slowed.
const SLOWED: Duration = Duration::from_millis(200);

/// What is known of a request so far. Also the [`Admission`] that use cases ask.
pub(crate) struct RequestAdmission {
    state: web::Data<WebState>,
    endpoint: Endpoint,
    priority: Priority,
    address: IpAddr,
    found: Mutex<Found>,
    /// What was counted and may have to be taken back.
    counted: Mutex<Option<CountedToken>>,
}

#[derive(Clone, Copy)]
struct Found {
    verdict: Verdict,
    party: Option<Party>,
    is_admitted: bool,
    refusal: Option<Refusal>,
}

impl RequestAdmission {
    /// A request arrives: the limits on its address and on the node count it, and may refuse it.
    pub(crate) fn arrive(
        state: &web::Data<WebState>,
        request: &HttpRequest,
        kind: (Endpoint, Priority),
        address: IpAddr,
    ) -> Result<Arc<Self>, Refusal> {
        let admission = Self::count_arrival(state, request, kind, address);
        admission.refused_at_arrival()?;
        Ok(admission)
    }

    /// The same without refusing it yet.
    pub(crate) fn count_arrival(
        state: &web::Data<WebState>,
        request: &HttpRequest,
        (endpoint, priority): (Endpoint, Priority),
        address: IpAddr,
    ) -> Arc<Self> {
        let verdict = state.gatekeeper.limits.arrive(endpoint, address);
        let found = Mutex::new(Found { verdict, party: None, is_admitted: false, refusal: None });
        let (state, counted) = (state.clone(), Mutex::default());
        let admission = Arc::new(Self { state, endpoint, priority, address, found, counted });
        request.extensions_mut().insert(Arc::clone(&admission));
        admission
    }

    /// Refuses it, if the limits on its address or on the node do.
    pub(crate) fn refused_at_arrival(&self) -> Result<(), Refusal> {
        let verdict = self.found().verdict;
        self.count(verdict)
    }

    /// Whether it is over the limit of its address or of the node.
    pub(crate) fn is_over_limit(&self) -> bool {
        matches!(self.found().verdict, Verdict::Exceeded(_))
    }

    /// The caller is known: the limits on it and on its tenant count it.
    pub(crate) fn identify(&self, party: &Party) -> Result<(), Refusal> {
        let verdict = self.state.gatekeeper.limits.identify(self.endpoint, party);
        let counted = self.count(verdict);
        let mut found = self.found();
        found.verdict = found.verdict.tighter(verdict);
        found.party = Some(*party);
        found.refusal = counted.err();
        counted
    }

    /// Where nodes count together: the limits of all of them count a request whose caller is known.
    pub(crate) async fn count_together(&self) -> Result<(), Refusal> {
        let (Some(shared), Some(party)) = (self.state.shared_limits.get(), self.found().party) else {
            return Ok(());
        };
        let limits = &self.state.gatekeeper.limits;
        let takes = limits.shared_takes(self.endpoint, Some(self.address), Some(&party));
        let verdict = shared.take(&takes).await.verdict(&takes, limits.mode());
        let mut found = self.found();
        found.verdict = found.verdict.tighter(verdict);
        drop(found);
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.count(verdict).inspect_err(|_| counted.into_iter().for_each(CountedToken::take_back))
    }

    /// Waits, or is turned away, as the state of the node has it for requests of this importance.
    pub(crate) async fn wait_for_room(&self) -> Result<(), Refusal> {
        let metrics = &self.state.metrics;
        match self.state.guard_state().treatment(self.priority) {
            Treatment::Run => Ok(()),
            Treatment::Wait => {
                metrics.count_shed(self.priority, ShedReason::Slowed);
                sleep(retry_after::jittered(SLOWED)).await;
                Ok(())
            }
            Treatment::PutOff => {
                metrics.count_shed(self.priority, ShedReason::Deferred);
                Err(Refusal::Overloaded)
            }
        }
    }

    /// Why it was turned away.
    pub(crate) fn refusal(&self) -> Refusal {
        self.found().refusal.unwrap_or(Refusal::Overloaded)
    }

    /// The limit that is nearest, if there is one.
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.found().verdict.standing().copied()
    }

    fn count(&self, verdict: Verdict) -> Result<(), Refusal> {
        let metrics = &self.state.metrics;
        match verdict {
            Verdict::Unlimited | Verdict::Within(_) => Ok(()),
            Verdict::WouldExceed(standing) => {
                metrics.count_limited(self.endpoint, standing.layer, true);
                Ok(())
            }
            Verdict::Exceeded(standing) => {
                metrics.count_limited(self.endpoint, standing.layer, false);
                Err(Refusal::Limited(standing))
            }
        }
    }

    /// Whether the node has room for a request of this tenant.
    fn find_room(&self, tenant: [u8; 16]) -> Result<(), Refusal> {
        let gatekeeper = &self.state.gatekeeper;
        let goes_first = gatekeeper.shares.ask(tenant, gatekeeper.now());
        if worker_queue::has_room(&self.state, self.priority, goes_first) {
            gatekeeper.shares.served.add_one();
            return Ok(());
        }
        gatekeeper.shares.turned_away.add_one();
        self.state.metrics.count_shed(self.priority, ShedReason::UnfairShare);
        self.found().refusal = Some(Refusal::Overloaded);
        Err(Refusal::Overloaded)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admission for RequestAdmission {
    fn admit(&self, applicant: &Applicant) -> Result<(), NotAdmitted> {
        if self.found().is_admitted {
            return Ok(());
        }
        let (client, tenant) = (*applicant.app_id.as_bytes(), *applicant.tenant_id.as_bytes());
        let client_quota = match self.endpoint {
            Endpoint::Token => applicant.tokens_per_minute.map(RateQuota::per_minute),
            Endpoint::Introspection | Endpoint::Revocation | Endpoint::SignIn | Endpoint::Management => None,
        };
        self.identify(&Party { client, tenant: Some(tenant), client_quota }).map_err(|_| NotAdmitted)?;
        // What a limit refuses is no load, and does not show that there is too much of it.
        self.find_room(tenant).map_err(|_| NotAdmitted)?;
        self.found().is_admitted = true;
        Ok(())
    }

    fn address(&self) -> Option<IpAddr> {
        Some(self.address)
    }

    fn admit_operator(&self, operator: Actor) -> Result<(), NotAdmitted> {
        let client = match operator {
            Actor::App(id) => *id.as_bytes(),
            Actor::User(id) => *id.as_bytes(),
            Actor::System | Actor::CommandLine | Actor::Anonymous => return Ok(()),
        };
        self.identify(&Party { client, tenant: None, client_quota: None }).map_err(|_| NotAdmitted)
    }

    fn issued(&self, counted: CountedToken) {
        if self.state.shared_limits.get().is_some() {
            *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
        }
    }
}

impl fmt::Debug for RequestAdmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestAdmission").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
