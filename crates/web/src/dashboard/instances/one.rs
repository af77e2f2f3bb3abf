//! `GET /dashboard/instances/{id}` and what is done to one instance.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::instances::{InstancePage, InstanceSwitch};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::render::Render;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::{DEFAULT_INSTANCE, Instance, InstanceState};
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_instance::{
    InstanceChanges, find_instance, switch_instance, update_instance,
};

use super::way_in::way_in;
use super::{TypedLook, require_platform};
use crate::account::error_page::PageError;
use crate::account::tick::Tick;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::denial::notice_of;
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::form_version::form_version;
use crate::dashboard::place::{OperatorPlace, Place, crumb_to_place};
use crate::dashboard::shown::moment;
use crate::management::field_errors::FieldErrors;

/// What is ticked before an instance is disabled, which stops whatever uses it.
const INSTANCE_STOPS: Tick = Tick {
    name: "instance_stops",
    label: "The instance stops at once; I know who uses it.",
    warning_id: "disable-warning",
};

const SAVED: (&str, &str) = ("saved", "The look of the instance is saved.");

/// A made-up link says nothing about an instance that is not so.
const DONE_TO_ACTIVE: Announcements = &[SAVED, ("enabled", "The instance answers again.")];
const DONE_TO_DISABLED: Announcements =
    &[SAVED, ("disabled", "The instance is disabled. Its tokens are dead.")];

/// The page.
pub(crate) async fn show_instance(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let instance = find(&dashboard).await?;
    let look = look_of(&instance);
    let done = match instance.state {
        InstanceState::Active => DONE_TO_ACTIVE,
        InstanceState::Disabled => DONE_TO_DISABLED,
    };
    let chrome = Chrome { notice: dashboard.announced(done), ..chrome(&dashboard) };
    page(&dashboard, chrome, &instance, look, &FormErrors::default(), StatusCode::OK).await
}

/// Changes its name and colour.
pub(crate) async fn submit_look(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let instance = find(&dashboard).await?;
    let (version, look) = (form_version(&mut form)?, TypedLook::take(&mut form));
    let mut errors = FieldErrors::default();
    let checked = look.check(&mut errors);
    let (name, accent) = match errors.finish_fields(checked) {
        Ok(checked) => checked,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page(&dashboard, chrome(&dashboard), &instance, look, &errors.into(), status).await;
        }
    };
    let (id, changes) = (instance.id, InstanceChanges { name: Some(name), accent: Some(accent) });
    match dashboard.act(move |context| update_instance(context, id, &changes, Some(version))).await? {
        Ok(_) => Ok(dashboard.done(&path_of(&dashboard, id), "saved")),
        Err(denial) => refused(&dashboard, &instance, look, &denial).await,
    }
}

/// Turns it on.
pub(crate) async fn submit_enable(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let form = dashboard.read_form(payload).await?;
    let instance = find(&dashboard).await?;
    switch(&dashboard, &instance, form, (InstanceState::Active, "enabled")).await
}

/// Turns it off, where it was ticked that this is meant.
pub(crate) async fn submit_disable(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let instance = find(&dashboard).await?;
    // Why the default one stays, and what happened to one that is off already, is said by the use case.
    if instance.state == InstanceState::Active
        && !stays(&instance)
        && let Err(errors) = INSTANCE_STOPS.check(&mut form)
    {
        let (look, status) = (look_of(&instance), StatusCode::UNPROCESSABLE_ENTITY);
        return page(&dashboard, chrome(&dashboard), &instance, look, &errors, status).await;
    }
    switch(&dashboard, &instance, form, (InstanceState::Disabled, "disabled")).await
}

async fn switch(
    dashboard: &DashboardRequest,
    instance: &Instance,
    mut form: FormParameters,
    (state, done): (InstanceState, &'static str),
) -> Result<HttpResponse, PageError> {
    let (id, version) = (instance.id, form_version(&mut form)?);
    match dashboard.act(move |context| switch_instance(context, id, state, Some(version))).await? {
        Ok(_) => Ok(dashboard.done(&path_of(dashboard, id), done)),
        Err(denial) => refused(dashboard, instance, look_of(instance), &denial).await,
    }
}

pub(super) async fn find(dashboard: &DashboardRequest) -> Result<Instance, PageError> {
    require_platform(dashboard)?;
    let id: InstanceId = dashboard.path_id("id")?;
    dashboard.read(move |context| find_instance(context, id)).await
}

fn look_of(instance: &Instance) -> TypedLook {
    TypedLook { name: instance.name.to_string(), accent: instance.accent.as_str().to_owned() }
}

pub(super) fn path_of(dashboard: &DashboardRequest, id: InstanceId) -> String {
    dashboard.paths().operator_record(OperatorPlace::Instances, id, "")
}

pub(super) fn chrome(dashboard: &DashboardRequest) -> Chrome<'_> {
    let crumbs = vec![crumb_to_place(dashboard.paths(), OperatorPlace::Instances)];
    dashboard.chrome(Place::Operator(OperatorPlace::Instances), crumbs)
}

async fn refused(
    dashboard: &DashboardRequest,
    instance: &Instance,
    look: TypedLook,
    denial: &RegistryDenial,
) -> Result<HttpResponse, PageError> {
    let chrome = Chrome { notice: Some(notice_of(denial)), ..chrome(dashboard) };
    page(dashboard, chrome, instance, look, &FormErrors::of_denial(denial), StatusCode::CONFLICT).await
}

/// The page with something to say, where a form of it could not be carried out.
pub(super) async fn page_that_says(
    dashboard: &DashboardRequest,
    instance: &Instance,
    notice: Notice,
) -> Result<HttpResponse, PageError> {
    let chrome = Chrome { notice: Some(notice), ..chrome(dashboard) };
    let look = look_of(instance);
    page(dashboard, chrome, instance, look, &FormErrors::default(), StatusCode::CONFLICT).await
}

async fn page(
    dashboard: &DashboardRequest,
    chrome: Chrome<'_>,
    instance: &Instance,
    look: TypedLook,
    errors: &FormErrors,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let (name, accent) = look.fields(errors);
    let path = path_of(dashboard, instance.id);
    let base_url = dashboard.person.page.state.authority.base_url();
    let page = InstancePage {
        chrome,
        heading: instance.name.to_string(),
        issuer: base_url.issuer_of(&instance.slug).to_string(),
        is_active: instance.state == InstanceState::Active,
        state_since: moment(instance.state_since),
        version: instance.version.as_number(),
        update_action: path.clone(),
        name,
        accent,
        way_in: way_in(dashboard, instance).await?,
        switch: switch_of(instance, &path, errors),
    };
    dashboard.page(status, page.render())
}

fn switch_of(instance: &Instance, path: &str, errors: &FormErrors) -> InstanceSwitch {
    match instance.state {
        _ if stays(instance) => InstanceSwitch::Stays,
        InstanceState::Active => {
            InstanceSwitch::Disable { action: format!("{path}/disable"), tick: INSTANCE_STOPS.field(errors) }
        }
        InstanceState::Disabled => InstanceSwitch::Enable { action: format!("{path}/enable") },
    }
}

fn stays(instance: &Instance) -> bool {
    instance.slug.as_str() == DEFAULT_INSTANCE
}
