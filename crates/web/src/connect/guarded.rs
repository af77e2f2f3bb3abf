//! Use cases that check a client's secret run behind the brake on guessing.

use turnkeep_domain::slug::Slug;
use turnkeep_guard::failure_guard::{Admission, Attempt};
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;

use crate::blocking::{Urgency, run};
use crate::error::connect_error::{Challenge, ConnectError};
use crate::error::token_denial::ConnectDenial;
use crate::request_context::RequestContext;
use crate::state::WebState;

/// Who tries, where, and how a failure is answered.
pub(super) struct Guarded<'a> {
    pub(super) state: &'a WebState,
    pub(super) context: RequestContext,
    pub(super) issuer: &'a Slug,
    pub(super) client_id: &'a str,
    pub(super) challenge: Challenge,
    pub(super) urgency: Urgency,
}

impl Guarded<'_> {
    /// Runs the use case unless too many attempts failed before; counts its failure.
    pub(super) async fn run<T, D>(
        &self,
        use_case: impl FnOnce(&Authority) -> Result<T, Failure<D>> + Send + 'static,
    ) -> Result<T, ConnectError>
    where
        T: Send + 'static,
        D: ConnectDenial + Send + 'static,
    {
        let attempt = Attempt {
            address: self.context.address,
            issuer: self.issuer.as_str(),
            client_id: self.client_id,
        };
        if let Admission::Wait(wait) = self.state.failure_guard.admit(attempt) {
            return Err(ConnectError::TooManyFailures(wait));
        }
        let request_id = self.context.request_id;
        let ended = run(self.state, self.urgency, use_case)
            .await
            .map_err(|not_run| ConnectError::not_run(&not_run, request_id))?;
        ended.map_err(|failure| {
            ConnectError::from_failure(failure, request_id, |denial| {
                if denial.is_failed_guess() {
                    self.state.failure_guard.charge_failure(attempt);
                }
                denial.answer(self.challenge)
            })
        })
    }
}
