//! Why a form was not carried out, and what its page says then.

use actix_web::http::StatusCode;
use turnkeep_console::parts::notice::Notice;
use turnkeep_protocol::problem::FieldError;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::denial::RegistryDenial;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_with_stale, page_status};
use crate::dashboard::form_errors::FormErrors;

/// The refusal.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) notice: Option<Notice>,
    pub(super) errors: FormErrors,
}

impl From<Vec<FieldError>> for Refusal {
    fn from(errors: Vec<FieldError>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, notice: None, errors: errors.into() }
    }
}

impl From<RegistryDenial> for Refusal {
    fn from(denial: RegistryDenial) -> Self {
        // Who sends the same form again means it: it has the version of now.
        let stale = "Somebody changed this meanwhile, so nothing was saved. Below is what you typed; saving again puts \
                     it in place of theirs.";
        let notice = Some(notice_with_stale(&denial, stale));
        Self { status: page_status(&denial), notice, errors: FormErrors::of_denial(&denial) }
    }
}

/// Runs a use case with what was made of a form, if something was.
pub(super) async fn attempt<C: Send + 'static, T: Send + 'static>(
    dashboard: &DashboardRequest,
    made: Result<C, Vec<FieldError>>,
    use_case: impl FnOnce(&RegistryContext<'_>, &C) -> RegistryResult<T> + Send + 'static,
) -> Result<Result<T, Refusal>, PageError> {
    let command = match made {
        Ok(command) => command,
        Err(errors) => return Ok(Err(errors.into())),
    };
    let ended = dashboard.act(move |context| use_case(context, &command)).await?;
    Ok(ended.map_err(Refusal::from))
}
