//! One more token for an app that may have it: within its quota? (seed 000 §4)

use turnkeep_domain::id::RequestId;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_policy::decide_token::Authentication;
use turnkeep_policy::decide_token_quota::{TokenQuotaDecision, TokenQuotaExceeded, token_quota};

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::look_up::{LookUp, Missing};
use crate::token_requests::app_tokens::{Taken, TotalsUnknown};
use crate::token_requests::token_ledger::load_totals;
use crate::tokens::note_refusal::{ClientRefusal, note_counted_refusal};
use crate::tokens::registration::Registration;

/// Who asks, and what for.
pub(crate) struct TokenRequest<'a> {
    pub(crate) registration: &'a Registration,
    pub(crate) app: &'a CachedApp,
    pub(crate) plan: Option<&'a Plan>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) now: Timestamp,
}

/// Counts a token, or says which quota is used up. What is taken and not issued has to be given back.
///
/// The first refusal of an app in an hour leaves an event in the audit trail, and what would have been the first one a
/// line in the log; all of them are counted.
pub(crate) fn take_token(
    authority: &Authority,
    request: &TokenRequest<'_>,
    look_up: LookUp,
) -> Result<Taken, Failure<TokenQuotaExceeded>> {
    let limits = token_quota(&request.app.live.app, request.plan, &authority.settings.token_quota);
    let taken = take_when_known(authority, request, &limits, look_up)?;
    match taken.decision {
        TokenQuotaDecision::Within => Ok(taken),
        TokenQuotaDecision::WouldExceed(exceeded) => {
            if taken.is_news {
                let (app, window) = (&request.app.live.app, exceeded.window.as_str());
                tracing::warn!(
                    app.id = %app.id, tenant.id = %app.tenant_id, window, limit = exceeded.limit,
                    "an app goes beyond its quota of tokens, which is not enforced"
                );
            }
            Ok(taken)
        }
        TokenQuotaDecision::Exceeded(exceeded) => {
            if taken.is_news {
                let refusal = ClientRefusal {
                    action: "token.issue",
                    authentication: Authentication::Verified,
                    code: TokenQuotaExceeded::CODE,
                    request_id: request.request_id,
                };
                note_counted_refusal(authority, request.registration, &refusal);
            }
            Err(Failure::Denied(exceeded))
        }
    }
}

fn take_when_known(
    authority: &Authority,
    request: &TokenRequest<'_>,
    limits: &TokenRequestLimits,
    look_up: LookUp,
) -> Result<Taken, Fault> {
    let tokens = &request.app.tokens;
    if let Ok(taken) = tokens.take(limits, request.now) {
        return Ok(taken);
    }
    match look_up {
        LookUp::InMemory => Err(Fault::NotInMemory(Missing::TokenTotals(request.app.live.app.id))),
        LookUp::Anywhere => {
            load_totals(authority, tokens)?;
            // The hour may have ended meanwhile.
            tokens.take(limits, request.now).map_err(|TotalsUnknown| Fault::Overtaken)
        }
    }
}
