//! `POST …/apps/{app}/enable` and `…/disable`: the kill switch, which says when it took effect on all nodes.

use actix_web::{HttpResponse, web};
use turnkeep_console::parts::notice::Notice;
use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_service::cluster::propagation::Propagation;
use turnkeep_service::registry::switch_app::switch_app;

use super::app_page::AppPage;
use super::overview::show::show_refused;
use super::switch_effect::{open_effect, seal_effect};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::denial::done;

/// Puts the app in use again.
pub(crate) async fn submit_enable(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    switch(dashboard, payload, AppState::Enabled).await
}

/// Stops it, with every token it has.
pub(crate) async fn submit_disable(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    switch(dashboard.0, payload, AppState::Disabled).await
}

async fn switch(
    dashboard: DashboardRequest,
    payload: web::Payload,
    state: AppState,
) -> Result<HttpResponse, PageError> {
    dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let id = page.app().id;
    let act = page.dashboard.act_observed(move |context| switch_app(context, id, state, None));
    match act.await? {
        (Ok(switched), propagation) => {
            let said = announcement(&page, &switched.app, propagation.as_ref())?;
            Ok(page.dashboard.see_other(&page.path(&said)))
        }
        (Err(denial), _) => show_refused(&page, &denial).await,
    }
}

/// What the page of the app is told. Without a change nothing had to take effect.
fn announcement(page: &AppPage, app: &App, propagation: Option<&Propagation>) -> Result<String, PageError> {
    let word = word(app.state);
    let Some(propagation) = propagation else { return Ok(format!("?done={word}")) };
    // Base64url needs no encoding in a query.
    let effect = seal_effect(&page.dashboard.person.page, app, propagation)?;
    Ok(format!("?done={word}&effect={effect}"))
}

/// The notice that the query asks for. It is about the app as it is: a link that was made up cannot say that an enabled
/// app is disabled, nor how long it took.
pub(super) fn switch_notice(page: &AppPage) -> Result<Option<Notice>, PageError> {
    let (mut query, app) = (page.dashboard.query()?, page.app());
    if query.take("done").as_deref() != Some(word(app.state)) {
        return Ok(None);
    }
    let what = match app.state {
        AppState::Enabled if has_reference_tokens(app) => {
            "The app is enabled. Access tokens from before stay dead; reference tokens work again."
        }
        AppState::Enabled => "The app is enabled. Tokens from before stay dead.",
        AppState::Disabled => "The app is disabled, and none of its tokens is accepted.",
    };
    let effect = match query.take("effect") {
        Some(text) => open_effect(&page.dashboard.person.page, app, &text)?,
        None => None,
    };
    Ok(Some(done(&effect.map_or_else(|| what.to_owned(), |effect| format!("{what} {effect}")))))
}

/// Whether anybody may make some, which come back with their app.
pub(super) fn has_reference_tokens(app: &App) -> bool {
    app.settings.reference_tokens != ReferenceTokenPolicy::None
}

/// The word that stands for a state that an app was brought into.
pub(super) fn word(state: AppState) -> &'static str {
    match state {
        AppState::Enabled => "enabled",
        AppState::Disabled => "disabled",
    }
}
