//! `POST /usage`.

use actix_web::HttpResponse;
use turnkeep_domain::usage::{MAX_EVENTS_AT_ONCE, UsageEventId, UsedUnits};
use turnkeep_protocol::management::usage::{
    RefusedEventResponse, ReportUsageRequest, ReportUsageResponse, UsageEventFields,
};
use turnkeep_protocol::rfc3339::parse_rfc3339;
use turnkeep_service::usage::report_usage::{ReportOutcome, ReportedEvent, report_usage};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::usage::show::show_usage;
use crate::telemetry::usage_outcome::UsageOutcome;

/// Counts the events of a report. A malformed one refuses the whole report, since it would never become right.
pub(super) async fn report(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: ReportUsageRequest = call.json().await?;
    let events = events_of(request)?;
    let outcome = call.run(move |context| report_usage(context, &events)).await?;
    count(&call, &outcome);
    Ok(answer::view(&show(&outcome)))
}

fn count(call: &ManagementCall, outcome: &ReportOutcome) {
    let (state, _) = call.behind_the_answer();
    let refused = u64::try_from(outcome.refused.len()).unwrap_or(u64::MAX);
    for (kind, events) in [
        (UsageOutcome::Counted, outcome.counted.into()),
        (UsageOutcome::Duplicate, outcome.duplicates.into()),
        (UsageOutcome::Refused, refused),
    ] {
        state.metrics.count_usage(kind, events);
    }
}

fn events_of(request: ReportUsageRequest) -> Result<Vec<ReportedEvent>, ApiError> {
    let mut errors = FieldErrors::default();
    if !(1..=MAX_EVENTS_AT_ONCE).contains(&request.events.len()) {
        errors.note("events", &format!("must have 1 to {MAX_EVENTS_AT_ONCE} items"));
        return errors.finish(None);
    }
    let mut events = Some(Vec::with_capacity(request.events.len()));
    for (place, fields) in request.events.into_iter().enumerate() {
        match (event_of(&mut errors, place, &fields), &mut events) {
            (Some(event), Some(events)) => events.push(event),
            (Some(_), None) => {}
            (None, _) => events = None,
        }
    }
    errors.finish(events)
}

fn event_of(errors: &mut FieldErrors, place: usize, fields: &UsageEventFields) -> Option<ReportedEvent> {
    let field = |name: &str| format!("events.{place}.{name}");
    let id = errors.check(&field("id"), UsageEventId::parse(&fields.id));
    let units = errors.check(&field("units"), UsedUnits::new(fields.units));
    let occurred_at =
        errors.check_optional(&field("occurred_at"), fields.occurred_at.as_deref(), parse_rfc3339);
    // What is no id is unknown, like the id of nothing.
    let app_id = fields.app_id.parse().ok();
    Some(ReportedEvent { id: id?, app_id, units: units?, occurred_at: occurred_at? })
}

fn show(outcome: &ReportOutcome) -> ReportUsageResponse {
    let refused = outcome.refused.iter();
    ReportUsageResponse {
        counted: outcome.counted,
        duplicates: outcome.duplicates,
        refused: refused
            .map(|(id, denial)| RefusedEventResponse { id: id.to_string(), code: denial.code().to_owned() })
            .collect(),
        apps: outcome.apps.iter().map(|usage| show_usage(usage, None)).collect(),
    }
}
