//! Whether there is room for a client that has authenticated: asked before the work is done, answered by whoever
//! watches the load. No rule of the registry takes part, and nobody is asked on behalf of a client that did not
//! authenticate: its failures must not use up what the real one may do.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::AppFacts;

use crate::token_requests::app_tokens::{AppTokens, Taken};

/// Who wants to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicant {
    /// The app.
    pub app_id: AppId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// How many tokens a minute its plan lets it ask for, where the plan says.
    pub tokens_per_minute: Option<NonZeroU32>,
}

impl Applicant {
    pub(crate) fn of(facts: &AppFacts<'_>) -> Self {
        let tokens_per_minute = facts.plan.and_then(|plan| plan.token_requests.minute());
        Self { app_id: facts.app.id, tenant_id: facts.app.tenant_id, tokens_per_minute }
    }
}

/// There is no room. The one who said so knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no room for this client at the moment")]
pub struct NotAdmitted;

impl NotAdmitted {
    /// The stable code.
    pub const CODE: &'static str = "too_many_requests";
}

/// Decides about room for one request.
pub trait Admission: fmt::Debug + Send + Sync {
    /// Counts the request against what the client may do. May be asked again for the same request where a change came
    /// in between.
    fn admit(&self, applicant: &Applicant) -> Result<(), NotAdmitted>;

    /// The same for an operator, by an access token or in person.
    fn admit_operator(&self, _: Actor) -> Result<(), NotAdmitted> {
        Ok(())
    }

    /// Where the request comes from, as far as that can be believed; `None` if it comes from this process.
    fn address(&self) -> Option<IpAddr> {
        None
    }

    /// A token was issued, and counted for its app. For whoever may find out later that there was no room for it.
    fn issued(&self, _: CountedToken) {}
}

/// Asks for room for a request for a token, by whatever grant. That there was none is counted for the app.
pub(crate) fn admit_token_request(
    admission: &dyn Admission,
    facts: &AppFacts<'_>,
    tokens: &AppTokens,
    now: Timestamp,
) -> Result<(), NotAdmitted> {
    admission.admit(&Applicant::of(facts)).inspect_err(|NotAdmitted| tokens.note_not_admitted(now))
}

/// A token that is counted for an app.
#[derive(Debug)]
pub struct CountedToken {
    tokens: Arc<AppTokens>,
    taken: Taken,
}

impl CountedToken {
    pub(crate) fn new(tokens: &Arc<AppTokens>, taken: Taken) -> Self {
        Self { tokens: Arc::clone(tokens), taken }
    }

    /// The token is not given to the app after all, and is not counted.
    pub fn take_back(self) {
        self.tokens.give_back(&self.taken);
    }
}

/// Has room for everybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct AdmitAll;

impl AdmitAll {
    /// As commands want it.
    pub fn shared() -> Arc<dyn Admission> {
        Arc::new(Self)
    }
}

impl Admission for AdmitAll {
    fn admit(&self, _: &Applicant) -> Result<(), NotAdmitted> {
        Ok(())
    }
}
