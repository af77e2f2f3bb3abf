//! `GET` and `POST /dashboard/tenants/{tenant}/close`: says what ends, and has the name typed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::notice::{Notice, Tone};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::foresee_closing::{TenantClosing, foresee_closing};
use turnkeep_service::registry::manage_tenant::{TenantStep, step_tenant};

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::denial::{notice_of, notice_with_stale, page_status};
use crate::dashboard::form_version::form_version;
use crate::dashboard::place::{OperatorPlace, Place, TenantPlace, crumb, crumb_to_tenant};

/// What was typed, and what came of it.
#[derive(Default)]
struct Attempt {
    status: StatusCode,
    notice: Option<Notice>,
    typed: String,
    error: Option<String>,
}

/// The question.
pub(crate) async fn show_closing(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    answer(&dashboard, Attempt::default()).await
}

/// Closes the tenant whose name was typed.
pub(crate) async fn submit_closing(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let version = form_version(&mut form)?;
    let (id, name) = (dashboard.tenant()?.id, dashboard.tenant()?.name.to_string());
    let typed = form.take("name").unwrap_or_default();
    if typed.trim() != name {
        let error = Some("This is not the name of the tenant.".to_owned());
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return answer(&dashboard, Attempt { status, typed, error, ..Attempt::default() }).await;
    }
    let close = dashboard.act(move |context| step_tenant(context, id, TenantStep::Close, Some(version)));
    match close.await? {
        Ok(_) => Ok(dashboard.done(&dashboard.paths().operator_place(OperatorPlace::Tenants), "closed")),
        Err(denial) => {
            // Who closes what somebody else has changed may not mean it any more.
            let stale = "Somebody changed the tenant meanwhile, so it is not closed. Look at it again first.";
            let (status, notice) = (page_status(&denial), Some(notice_with_stale(&denial, stale)));
            answer(&dashboard, Attempt { status, notice, typed, error: None }).await
        }
    }
}

async fn answer(dashboard: &DashboardRequest, attempt: Attempt) -> Result<HttpResponse, PageError> {
    let tenant = dashboard.tenant()?;
    let (id, paths) = (tenant.id, dashboard.paths());
    let closing = dashboard.read(move |context| foresee_closing(context, id)).await?;
    let crumbs = vec![crumb_to_tenant(paths, tenant), crumb("Manage", paths.tenant(id, "/edit"))];
    let chrome = dashboard.chrome(Place::Tenant(TenantPlace::Overview), crumbs);
    let csrf = chrome.csrf.clone();
    let obstacle = closing.obstacle.as_ref().map(|denial| obstacle(tenant, denial));
    let form = obstacle.is_none().then(|| form(dashboard, tenant, &attempt, csrf));
    let view = RecordPage {
        chrome: Chrome { notice: attempt.notice.or(obstacle), ..chrome },
        title: format!("Close {}", tenant.name),
        lead: Some("A tenant that is closed cannot be opened again."),
        state: Some((tenant.state.to_string(), tenant.state == TenantState::Active)),
        facts: facts(&closing),
        panels: form.map(Panel::Form).into_iter().collect(),
    };
    dashboard.page(attempt.status, view.render())
}

/// Why there is no form. Nothing was refused yet, so this is no more than something to know.
fn obstacle(tenant: &Tenant, denial: &RegistryDenial) -> Notice {
    let text = match tenant.state {
        TenantState::Active => {
            "Suspend the tenant first: only what is stopped already can be closed.".to_owned()
        }
        TenantState::Closed => "The tenant is closed.".to_owned(),
        TenantState::PendingActivation | TenantState::Suspended => notice_of(denial).text,
    };
    Notice { tone: Tone::Info, code: Some(denial.code().to_owned()), text }
}

fn facts(closing: &TenantClosing) -> Vec<RecordFact> {
    let apps = match closing.apps {
        0 => "No app".to_owned(),
        1 => "1 app: it gets no token any more".to_owned(),
        many => format!("{many} apps: they get no tokens any more"),
    };
    let members = match closing.members {
        0 => "No member".to_owned(),
        1 => "1 member, who does not see the tenant any more".to_owned(),
        many => format!("{many} members, who do not see the tenant any more"),
    };
    vec![
        RecordFact { id: "apps-that-end", label: "Apps", value: FactValue::Text(apps) },
        RecordFact { id: "members-that-end", label: "Members", value: FactValue::Text(members) },
    ]
}

fn form(dashboard: &DashboardRequest, tenant: &Tenant, attempt: &Attempt, csrf: String) -> FormPanel {
    let name = TextField {
        id: "confirm-name".into(),
        hint: Some("Type it to show that you mean this tenant.".into()),
        error: attempt.error.clone(),
        required: true,
        ..TextField::line("name", "Name of the tenant", attempt.typed.clone())
    };
    FormPanel {
        id: "close-form".into(),
        title: "Close this tenant?".into(),
        hint: Some("Operators can still look at it. Its usage and its audit trail are kept.".into()),
        action: dashboard.paths().tenant(tenant.id, "/close"),
        csrf: Some(csrf),
        version: Some(tenant.version.as_number()),
        fields: vec![FormField::Text(name)],
        button_id: "close-button".into(),
        button: "Close the tenant for good".into(),
        is_danger: true,
        keep_path: Some(dashboard.paths().tenant(tenant.id, "/edit")),
    }
}
