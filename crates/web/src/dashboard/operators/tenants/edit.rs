//! `GET` and `POST /dashboard/tenants/{tenant}/edit`: name, age of secrets, and for operators the limit and life of a
//! tenant.

use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::record_page::{FactValue, Panel, RecordFact, RecordPage};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::step_panel::{Step, StepPanel, StepWay};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_policy::permission::Permission;
use turnkeep_protocol::management::tenant::UpdateTenantRequest;
use turnkeep_protocol::patch::Patch;
use turnkeep_service::registry::manage_tenant::update_tenant;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_version::form_version;
use crate::dashboard::operators::filled_form::{FilledForm, set_or_clear};
use crate::dashboard::operators::refusal::{Refusal, attempt};
use crate::dashboard::place::{Place, TenantPlace, crumb_to_tenant};
use crate::dashboard::shown::moment;
use crate::management::field_errors::FieldErrors;
use crate::management::tenants::update::changes_of;

/// What the page says after something was done.
const CHANGES: Announcements = &[
    ("made", "The tenant is there. Activate it, so that its apps get tokens."),
    ("saved", "The tenant is changed."),
    ("activated", "The tenant is active, and its apps get tokens."),
    ("suspended", "The tenant is suspended, and every token of its apps is dead."),
];

/// The tenant as it is.
pub(crate) async fn show_tenant_edit(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let filled = as_it_is(dashboard.tenant()?);
    answer(&dashboard, &filled)
}

/// Changes it.
pub(crate) async fn submit_tenant_edit(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let id = dashboard.tenant()?.id;
    let mut form = dashboard.read_form(payload).await?;
    let version = form_version(&mut form)?;
    // Who has no say in the limit is not asked for it; who sends it all the same is refused.
    let has_limit = form.has("app_limit") || dashboard.may(Permission::Operate);
    let filled = FilledForm::read(&mut form, &["name", "app_limit", "secret_max_age_days"]);
    let mut errors = FieldErrors::default();
    let limit = has_limit.then(|| filled.number(&mut errors, "app_limit")).flatten();
    let request = UpdateTenantRequest {
        name: Patch::Set(filled.text("name")),
        app_limit: limit.map_or(Patch::Absent, Patch::Set),
        secret_max_age_days: set_or_clear(filled.optional_number(&mut errors, "secret_max_age_days")),
    };
    let changes = changes_of(&mut errors, request);
    let ended = attempt(&dashboard, errors.finish_fields(changes), move |context, changes| {
        update_tenant(context, id, changes, Some(version))
    });
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&dashboard.paths().tenant(id, "/edit"), "saved")),
        Err(refusal) => answer(&dashboard, &filled.refused(refusal)),
    }
}

/// The page after a step was refused.
pub(super) fn show_refused(
    dashboard: &DashboardRequest,
    refusal: Refusal,
) -> Result<HttpResponse, PageError> {
    answer(dashboard, &as_it_is(dashboard.tenant()?).refused(refusal))
}

fn as_it_is(tenant: &Tenant) -> FilledForm {
    FilledForm::of([
        ("name", tenant.name.to_string()),
        ("app_limit", tenant.app_limit.apps().to_string()),
        ("secret_max_age_days", tenant.secret_max_age.map(|age| age.days().to_string()).unwrap_or_default()),
    ])
}

fn answer(dashboard: &DashboardRequest, filled: &FilledForm) -> Result<HttpResponse, PageError> {
    if !dashboard.may(Permission::UpdateTenant) {
        return Err(PageError::Forbidden);
    }
    let tenant = dashboard.tenant()?;
    let crumbs = vec![crumb_to_tenant(dashboard.paths(), tenant)];
    let chrome = dashboard.chrome(Place::Tenant(TenantPlace::Overview), crumbs);
    let csrf = chrome.csrf.clone();
    let mut panels = vec![Panel::Form(form(dashboard, tenant, filled, csrf.clone()))];
    if dashboard.may(Permission::Operate) {
        panels.extend(life(dashboard, tenant, csrf).map(Panel::Steps));
    }
    let view = RecordPage {
        chrome: Chrome { notice: filled.notice().or_else(|| dashboard.announced(CHANGES)), ..chrome },
        title: format!("Manage {}", tenant.name),
        lead: None,
        state: Some((tenant.state.to_string(), tenant.state == TenantState::Active)),
        facts: vec![
            RecordFact { id: "tenant-id", label: "Id", value: FactValue::Code(tenant.id.to_string()) },
            RecordFact {
                id: "state-since",
                label: "In this state since",
                value: FactValue::Moment(moment(tenant.state_since)),
            },
        ],
        panels,
    };
    dashboard.page(filled.status(), view.render())
}

fn form(dashboard: &DashboardRequest, tenant: &Tenant, filled: &FilledForm, csrf: String) -> FormPanel {
    let limit = dashboard.may(Permission::Operate).then(|| {
        FormField::Text(TextField {
            required: true,
            hint: Some("How many apps it may have. Apps beyond a lower limit stay.".into()),
            ..filled.number_field("app_limit", "App limit")
        })
    });
    let name = FormField::Text(filled.display_name("name", "Name"));
    let age = FormField::Text(TextField {
        hint: Some(
            "In days, from 1 to 3650; empty for no limit. Secrets that are older already still work for 30 days."
                .into(),
        ),
        ..filled.number_field("secret_max_age_days", "How old secrets may get")
    });
    FormPanel {
        id: "tenant-form".into(),
        title: "Name and limits".into(),
        action: dashboard.paths().tenant(tenant.id, "/edit"),
        csrf: Some(csrf),
        version: Some(tenant.version.as_number()),
        fields: [Some(name), limit, Some(age)].into_iter().flatten().collect(),
        button_id: "save-button".into(),
        button: "Save".into(),
        ..FormPanel::default()
    }
}

/// What can become of it; nothing of what is closed.
fn life(dashboard: &DashboardRequest, tenant: &Tenant, csrf: String) -> Option<StepPanel> {
    let step = |id: &'static str, name: &'static str, hint: &'static str, is_danger| Step {
        id,
        name: name.into(),
        hint: hint.into(),
        way: StepWay::Sent { action: dashboard.paths().tenant(tenant.id, &format!("/{id}")), is_danger },
        button: name.into(),
    };
    let activate = || step("activate", "Activate", "Its apps get tokens from then on.", false);
    let suspend = || {
        let hint = "Stops every app of it, and every token they have, before the page answers. You can activate it \
                    again.";
        step("suspend", "Suspend", hint, true)
    };
    let close = || Step {
        id: "close",
        name: "Close for good".into(),
        hint: "It cannot be opened again, and its members do not see it any more. You see first what ends."
            .into(),
        way: StepWay::Page(dashboard.paths().tenant(tenant.id, "/close")),
        button: "See what ends…".into(),
    };
    let steps = match tenant.state {
        TenantState::PendingActivation | TenantState::Suspended => vec![activate(), close()],
        TenantState::Active => vec![suspend()],
        TenantState::Closed => return None,
    };
    Some(StepPanel { id: "life".into(), title: "Its life".into(), csrf, steps })
}
