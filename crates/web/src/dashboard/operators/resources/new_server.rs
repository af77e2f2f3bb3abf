//! `GET` and `POST /dashboard/resources/{resource}/servers/new`: lets an app introspect every token for a resource.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::form_panel::{FormField, FormPanel};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::AppId;
use turnkeep_domain::page::Page;
use turnkeep_domain::resource::Resource;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::find_app::list_apps;
use turnkeep_service::registry::manage_resource::add_resource_server;

use super::resource::find;
use super::{crumbs_below, resource_path};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::operators::new_record::NewRecordPage;
use crate::dashboard::operators::refusal::attempt;
use crate::dashboard::place::OperatorPlace;
use crate::management::field_errors::FieldErrors;

/// The empty form.
pub(crate) async fn show_new_server(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    answer(&dashboard, &find(&dashboard).await?, &FilledForm::default())
}

/// Adds the app with this client id.
pub(crate) async fn submit_new_server(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let filled = FilledForm::read(&mut form, &["client_id"]);
    let resource = find(&dashboard).await?;
    let mut errors = FieldErrors::default();
    let app_id = match errors.check("client_id", ClientId::parse(&filled.text("client_id"))) {
        Some(client_id) => {
            let found = dashboard.read(move |context| app_with(context, client_id)).await?;
            errors.check("client_id", found.ok_or("no app has this client id"))
        }
        None => None,
    };
    let id = resource.id;
    let ended = attempt(&dashboard, errors.finish_fields(app_id), move |context, app_id| {
        add_resource_server(context, id, *app_id)
    });
    match ended.await? {
        Ok(()) => Ok(dashboard.done(&resource_path(dashboard.paths(), id, ""), "server-added")),
        Err(refusal) => answer(&dashboard, &resource, &filled.refused(refusal)),
    }
}

fn app_with(context: &RegistryContext<'_>, client_id: ClientId) -> RegistryResult<Option<AppId>> {
    let filter = AppFilter { client_id: Some(client_id), ..AppFilter::default() };
    let found = list_apps(context, None, &filter, &Page::first(1))?;
    Ok(found.first().map(|view| view.app.id))
}

fn answer(
    dashboard: &DashboardRequest,
    resource: &Resource,
    filled: &FilledForm,
) -> Result<HttpResponse, PageError> {
    let paths = dashboard.paths();
    let client_id = TextField {
        required: true,
        hint: Some("It stands on the page of the app.".into()),
        ..filled.line("client_id", "Client id of the app")
    };
    let form = FormPanel {
        id: "new-server-form".into(),
        title: "The app".into(),
        action: resource_path(paths, resource.id, "/servers/new"),
        fields: vec![FormField::Text(client_id)],
        button_id: "add-server-button".into(),
        button: "Add the app".into(),
        ..FormPanel::default()
    };
    let page = NewRecordPage {
        place: OperatorPlace::Resources,
        crumbs: crumbs_below(paths, resource),
        title: "New resource server",
        lead: Some("The app may introspect every token for this resource, whoever got it."),
        form,
    };
    page.answer(dashboard, filled)
}
