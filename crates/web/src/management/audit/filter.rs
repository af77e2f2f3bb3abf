//! `?action=&actor=&object=&tenant_id=&outcome=&code=&request_id=&from=&to=`: which events are wanted.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_protocol::rfc3339::parse_rfc3339;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::query_parameter::{QueryParameter, TENANT_ID, Values, one_of};

/// How long a text of the trail can be that is looked for.
const MAX_TEXT: usize = 200;

const fn parameter(name: &'static str, description: &'static str, values: Values) -> QueryParameter {
    QueryParameter { name, description, values }
}

/// What can be asked for.
pub(super) const PARAMETERS: [QueryParameter; 9] = [
    parameter(
        "action",
        "Only events of this action, such as `app.disable`.",
        Values::Pattern("^[!-~]{1,200}$"),
    ),
    parameter(
        "actor",
        "Only events by this actor: `system`, `command-line`, `anonymous`, or the id of an app or user.",
        Values::Pattern("^(system|command-line|anonymous|(app|usr)_[0-7][0-9a-hjkmnp-tv-z]{25})$"),
    ),
    parameter("object", "Only events about the record with this id.", Values::Pattern("^[!-~]{1,200}$")),
    TENANT_ID,
    one_of("outcome", "Only what was done, or refused.", &["done", "refused"]),
    parameter("code", "Only refusals with this code.", Values::Pattern("^[!-~]{1,200}$")),
    parameter("request_id", "Only events of this request.", Values::Id("req")),
    parameter("from", "Not before this time.", Values::Time),
    parameter("to", "Before this time.", Values::Time),
];

/// The filter of a call.
pub(super) fn filter_of(call: &ManagementCall) -> Result<AuditFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let tenant_id = call.queried_tenant()?;
    let filter = checked(&mut errors, |name| query.value(name));
    let from = errors.check_optional("from", query.value("from"), parse_rfc3339);
    let to = errors.check_optional("to", query.value("to"), parse_rfc3339);
    let ((filter, from), to) = errors.finish(filter.zip(from).zip(to))?;
    Ok(AuditFilter { tenant_id, from, to, ..filter })
}

/// What parameters say that are the same for programs and on pages: all but the tenant and the times.
pub(crate) fn checked<'a>(
    errors: &mut FieldErrors,
    value: impl Fn(&str) -> Option<&'a str>,
) -> Option<AuditFilter> {
    let action = errors.check_optional("action", value("action"), visible);
    let actor = errors.check_optional("actor", value("actor"), str::parse::<Actor>);
    let object = errors.check_optional("object", value("object"), visible);
    let refused = errors.one_of("outcome", value("outcome"), &[("done", false), ("refused", true)]);
    let code = errors.check_optional("code", value("code"), visible);
    let request_id = errors.check_optional("request_id", value("request_id"), |text| {
        text.parse().map_err(|_| "is not the id of a request")
    });
    Some(AuditFilter {
        action: action?,
        actor: actor?.map(|actor| actor.to_string()),
        object: object?,
        refused: refused?,
        code: code?,
        request_id: request_id?,
        ..AuditFilter::default()
    })
}

fn visible(text: &str) -> Result<String, String> {
    let fits = (1..=MAX_TEXT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(format!("has 1 to {MAX_TEXT} visible ASCII characters")) }
}
