//! Use cases that check a client's secret run behind the brake on guessing.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use turnkeep_domain::slug::Slug;
use turnkeep_guard::failure_guard::{Admission, Attempt};
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::snapshot::look_up::LookUp;

use crate::admission::request_admission::RequestAdmission;
use crate::blocking::{NotRun, Urgency, run_observed};
use crate::error::connect_error::{Challenge, ConnectError};
use crate::error::token_denial::ConnectDenial;
use crate::from_memory::run_from_memory;
use crate::propagation_header::note_propagation;
use crate::request_context::RequestContext;
use crate::state::WebState;

/// Who tries, where, and how a failure is answered.
pub(super) struct Guarded<'a> {
    pub(super) state: &'a web::Data<WebState>,
    pub(super) admission: Arc<RequestAdmission>,
    pub(super) context: RequestContext,
    pub(super) issuer: &'a Slug,
    /// Whose secret could be guessed; nobody's where a token is presented.
    pub(super) client_id: Option<&'a str>,
    pub(super) challenge: Challenge,
    pub(super) urgency: Urgency,
}

impl Guarded<'_> {
    /// Runs a use case that usually finds everything in memory.
    pub(super) async fn run_from_memory<T, D>(
        &self,
        use_case: impl Fn(&Authority, LookUp) -> Result<T, Failure<D>> + Send + 'static,
    ) -> Result<T, ConnectError>
    where
        T: Send + 'static,
        D: ConnectDenial + Send + 'static,
    {
        self.admit()?;
        let ended = self.end(run_from_memory(self.state, self.urgency, use_case).await)?;
        self.admission.count_together().await?;
        Ok(ended)
    }

    /// Runs a use case that changes something. The request learns what the change waited for.
    pub(super) async fn run_change<T, D>(
        &self,
        request: &HttpRequest,
        use_case: impl FnOnce(&Authority) -> Result<T, Failure<D>> + Send + 'static,
    ) -> Result<T, ConnectError>
    where
        T: Send + 'static,
        D: ConnectDenial + Send + 'static,
    {
        self.admit()?;
        let ran = run_observed(self.state, self.urgency, use_case).await;
        self.end(ran.map(|(ended, propagation)| {
            note_propagation(request, propagation);
            ended
        }))
    }

    fn admit(&self) -> Result<(), ConnectError> {
        match self.attempt().map(|attempt| self.state.failure_guard.admit(attempt)) {
            Some(Admission::Wait(wait)) => Err(ConnectError::TooManyFailures(wait)),
            Some(Admission::Admitted) | None => Ok(()),
        }
    }

    fn end<T, D: ConnectDenial>(
        &self,
        ran: Result<Result<T, Failure<D>>, NotRun>,
    ) -> Result<T, ConnectError> {
        let request_id = self.context.request_id;
        let ended = ran.map_err(|not_run| ConnectError::not_run(&not_run, request_id))?;
        ended.map_err(|failure| {
            ConnectError::from_failure(failure, request_id, |denial| {
                if let (true, Some(attempt)) = (denial.is_failed_guess(), self.attempt()) {
                    self.state.failure_guard.charge_failure(attempt);
                }
                denial.answer(self.challenge, &self.admission)
            })
        })
    }

    fn attempt(&self) -> Option<Attempt<'_>> {
        let (address, issuer) = (self.context.address, self.issuer.as_str());
        self.client_id.map(|client_id| Attempt { address, issuer, client_id })
    }
}
