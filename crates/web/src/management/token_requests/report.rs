//! `GET /token-requests`.

use actix_web::HttpResponse;
use turnkeep_policy::judge_token_requests::TokenPattern;
use turnkeep_protocol::management::token_requests::{
    AppTokenRequestsResponse, TokenPatternName, TokenRequestsResponse,
};
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::token_requests::report_token_requests::{
    AppTokenRequests, TokenRequestsQuery, report_token_requests,
};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::{DEFAULT_LIMIT, MAX_LIMIT};

pub(super) use turnkeep_service::token_requests::report_token_requests::MOST_HOURS;

/// How many hours a report is about unless it is told.
pub(super) const DEFAULT_HOURS: u32 = 24;

/// Reports about the apps that the caller reaches.
pub(super) async fn report(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let tenant_id = call.queried_tenant()?;
    let mut errors = FieldErrors::default();
    let mut number = |name: &'static str, usual: u32, most: u32| {
        let read = errors.check_optional(name, call.query().value(name), |text| match text.parse() {
            Ok(number) if (1..=most).contains(&number) => Ok(number),
            Ok(_) | Err(_) => Err(format!("must be a number from 1 to {most}")),
        });
        read.map(|number| number.unwrap_or(usual))
    };
    let (hours, limit) =
        (number("hours", DEFAULT_HOURS, MOST_HOURS), number("limit", DEFAULT_LIMIT, MAX_LIMIT));
    let (hours, limit) = errors.finish(hours.zip(limit))?;
    let query = TokenRequestsQuery { tenant_id, hours, limit };
    let report = call.run(move |context| report_token_requests(context, &query)).await?;
    Ok(answer::view(&TokenRequestsResponse {
        since: format_utc(report.since),
        apps: report.apps.iter().map(show).collect(),
    }))
}

fn show(app: &AppTokenRequests) -> AppTokenRequestsResponse {
    let AppTokenRequests { counts, judgement } = app;
    AppTokenRequestsResponse {
        app_id: counts.app_id.to_string(),
        tenant_id: counts.tenant_id.to_string(),
        client_id: counts.client_id.to_string(),
        name: counts.name.to_string(),
        issued: counts.issued,
        refused: counts.refused,
        would_refuse: counts.would_refuse,
        tokens_per_lifetime: judgement.tokens_per_lifetime(),
        pattern: match judgement.pattern {
            TokenPattern::Reuses => TokenPatternName::Reuses,
            TokenPattern::RenewsOften => TokenPatternName::RenewsOften,
            TokenPattern::TokenPerCall => TokenPatternName::TokenPerCall,
        },
    }
}
