//! `GET /dashboard/instances`, `POST /dashboard/instances`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::instances::{InstanceItem, InstancesPage};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::slug::Slug;
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::manage_instance::list_instances;

use super::{TypedLook, require_platform};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::denial::notice_of;
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::place::{OperatorPlace, Place};
use crate::dashboard::shown::moment;
use crate::management::field_errors::FieldErrors;

const DONE: Announcements = &[("made", "The instance is made, with keys of its own.")];

/// The list.
pub(crate) async fn show_instances(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    require_platform(&dashboard)?;
    let chrome = Chrome {
        notice: dashboard.announced(DONE),
        ..dashboard.chrome(Place::Operator(OperatorPlace::Instances), Vec::new())
    };
    let look = TypedLook { name: String::new(), accent: Accent::default().as_str().to_owned() };
    page(&dashboard, chrome, String::new(), look, &FormErrors::default(), StatusCode::OK).await
}

/// Makes one.
pub(crate) async fn submit_instance(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    require_platform(&dashboard)?;
    let mut form = dashboard.read_form(payload).await?;
    let (slug, look) = (form.take("slug").unwrap_or_default(), TypedLook::take(&mut form));
    let mut errors = FieldErrors::default();
    let checked = errors.check("slug", Slug::parse(&slug)).zip(look.check(&mut errors));
    let command = checked.map(|(slug, (name, accent))| CreateInstanceCommand { slug, name, accent });
    let chrome = dashboard.chrome(Place::Operator(OperatorPlace::Instances), Vec::new());
    let command = match errors.finish_fields(command) {
        Ok(command) => command,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page(&dashboard, chrome, slug, look, &FormErrors::from(errors), status).await;
        }
    };
    match dashboard.act(move |context| create_instance(context, &command)).await? {
        Ok(_) => Ok(dashboard.done(&dashboard.paths().operator_place(OperatorPlace::Instances), "made")),
        Err(denial) => {
            let chrome = Chrome { notice: Some(notice_of(&denial)), ..chrome };
            page(&dashboard, chrome, slug, look, &FormErrors::of_denial(&denial), StatusCode::CONFLICT).await
        }
    }
}

async fn page(
    dashboard: &DashboardRequest,
    chrome: Chrome<'_>,
    slug: String,
    look: TypedLook,
    errors: &FormErrors,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let instances = dashboard.read(list_instances).await?;
    let (name, accent) = look.fields(errors);
    let slug = TextField {
        required: true,
        hint: Some(
            "Its place in addresses: /i/acme. Small letters, digits and hyphens; it never changes.".into(),
        ),
        error: errors.of("slug"),
        ..TextField::line("slug", "Slug", slug)
    };
    let path = dashboard.paths().operator_place(OperatorPlace::Instances);
    let base_url = dashboard.person.page.state.authority.base_url();
    let item = |instance: &Instance| InstanceItem {
        name: instance.name.to_string(),
        path: format!("{path}/{}", instance.id),
        issuer: base_url.issuer_of(&instance.slug).to_string(),
        is_active: instance.state == InstanceState::Active,
        created_at: moment(instance.created_at),
    };
    let instances = instances.iter().map(item).collect();
    let page = InstancesPage { chrome, instances, create_action: path.clone(), slug, name, accent };
    dashboard.page(status, page.render())
}
