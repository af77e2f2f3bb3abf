//! `GET /audit-events`, `GET /audit-events/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::page::{AuditPage, Direction, Order};
use turnkeep_service::audit::list_events::{find_audit_event, list_audit_events};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::audit::filter::filter_of;
use crate::management::audit::show::show_event;
use crate::management::call::ManagementCall;
use crate::management::list_query::{ListQuery, SortKey};

/// The newest first, unless asked otherwise.
pub(super) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let filter = filter_of(&call)?;
    let query = ListQuery::ordered(&call, (SortKey::Created, Direction::Descending))?;
    let page = query.page::<u64>()?;
    let after = match page.order {
        Order::Created { after } => after,
        Order::Name { after } => after.map(|(_, position)| position),
    };
    let page = AuditPage { after, direction: page.direction, limit: page.limit };
    let events = call.run(move |context| list_audit_events(context, &filter, page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &events,
        |event| event.entry.position,
        |_| String::new(),
        show_event,
    )))
}

/// One.
pub(super) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: AuditEventId = call.path_id("id")?;
    let event = call.run(move |context| find_audit_event(context, id)).await?;
    Ok(answer::view(&show_event(&event)))
}
