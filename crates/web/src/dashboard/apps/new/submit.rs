//! `POST /dashboard/tenants/{tenant}/apps/new`. The answer has the secret in it, so it is no redirect.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::create_app::create_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::judge_new_app::judge_new_app;
use turnkeep_service::registry::list_token_targets::list_token_targets;

use super::credentials::credentials_page;
use super::form_page::form_page;
use super::typed::Typed;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::management::apps::create::command_of;
use crate::management::field_errors::FieldErrors;

/// Makes the app and shows its credentials, or the form again with what is wrong. Sent twice, it finds the name taken.
pub(crate) async fn submit_new_app(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let typed = Typed::taken_from(&mut form);
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, typed.request(dashboard.tenant()?.id));
    let command = match errors.finish_fields(command) {
        Ok(command) => command,
        Err(errors) => {
            // Nobody should mend a domain only to hear that the name is taken.
            let denial = judged(&dashboard, &typed).await?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return refused(&dashboard, &typed, errors.into(), denial.as_ref(), status).await;
        }
    };
    let create = move |context: &RegistryContext<'_>| {
        let created = create_app(context, &command)?;
        // The app exists now, and its secret is shown in any case: so this may fail.
        let targets = list_token_targets(context, created.app.id).ok();
        Ok((created, targets))
    };
    match dashboard.act(create).await? {
        Ok((created, targets)) => credentials_page(&dashboard, &created, targets.as_deref()),
        Err(denial) => {
            let status = page_status(&denial);
            refused(&dashboard, &typed, FormErrors::default(), Some(&denial), status).await
        }
    }
}

/// Why there will be no app of this name, whatever else is wrong.
async fn judged(dashboard: &DashboardRequest, typed: &Typed) -> Result<Option<RegistryDenial>, PageError> {
    let (tenant_id, name) = (dashboard.tenant()?.id, DisplayName::parse(&typed.name).ok());
    let judge = move |context: &RegistryContext<'_>| judge_new_app(context, tenant_id, name.as_ref());
    Ok(dashboard.act(judge).await?.err())
}

async fn refused(
    dashboard: &DashboardRequest,
    typed: &Typed,
    errors: FormErrors,
    denial: Option<&RegistryDenial>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let of_denial = denial.map(FormErrors::of_denial).unwrap_or_default();
    // What is said beside a field need not be said above all of them, too.
    let is_beside_field = of_denial.of("name").is_some() || of_denial.of("region").is_some();
    let notice = denial.filter(|_| !is_beside_field).map(notice_of);
    form_page(dashboard, typed, &errors.and(of_denial), notice, status).await
}
