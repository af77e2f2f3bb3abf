//! `POST …/apps/{app}/secrets/regenerate` and `…/secrets/add`: a new secret, shown on the answer and never again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::secret_once::{MadeOnce, SecretOncePage};
use turnkeep_console::render::Render;
use turnkeep_domain::client_secret::{ClientSecret, Overlap, SecretState};
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::add_secret::{AddedSecret, add_secret, regenerate_secret};
use turnkeep_service::registry::list_secrets::list_secrets;

use super::show::{OLD_SECRETS_STOP, show_refused, show_wrong};
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::form_version::form_version;
use crate::dashboard::shown::moment;
use crate::management::field_errors::FieldErrors;

/// Replaces all secrets of the app: the old ones are dead when the answer comes.
pub(crate) async fn submit_regeneration(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.0.read_form(payload).await?;
    let page = AppPage::open(dashboard.0).await?;
    let (id, version) = (page.app().id, form_version(&mut form)?);
    if let Err(errors) = OLD_SECRETS_STOP.check(&mut form) {
        page.dashboard.require(Permission::ManageSecrets)?;
        return show_wrong(&page, &errors).await;
    }
    match page.dashboard.act(move |context| regenerate_secret(context, id, Some(version))).await? {
        Ok(added) => show_once(&page, &added, MadeOnce::Regenerated { client_id: client_id(&page) }),
        Err(denial) => show_refused(&page, &denial).await,
    }
}

/// Adds a secret; the older one goes on for a while.
pub(crate) async fn submit_addition(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let (id, version) = (page.app().id, form_version(&mut form)?);
    let mut errors = FieldErrors::default();
    // What is no number is no overlap either.
    let secs = form.take("overlap_seconds").and_then(|text| text.parse().ok()).unwrap_or_default();
    let overlap = errors.check("overlap_seconds", Overlap::from_secs(secs));
    let overlap = match errors.finish_fields(overlap) {
        Ok(overlap) => overlap,
        Err(errors) => {
            page.dashboard.require(Permission::ManageSecrets)?;
            return show_wrong(&page, &FormErrors::from(errors)).await;
        }
    };
    // Before there is a new one: once it is made, nothing may keep the answer from showing it.
    let before = page.dashboard.read(move |context| list_secrets(context, id)).await?;
    match page.dashboard.act(move |context| add_secret(context, id, overlap, Some(version))).await? {
        Ok(added) => {
            let older_until = older_until(&before, added.secret.created_at, overlap).map(moment);
            show_once(&page, &added, MadeOnce::Added { client_id: client_id(&page), older_until })
        }
        Err(denial) => show_refused(&page, &denial).await,
    }
}

fn client_id(page: &AppPage) -> String {
    page.app().client_id.to_string()
}

/// Until when the older secret goes on, if there was one that works.
fn older_until(before: &[ClientSecret], now: Timestamp, overlap: Overlap) -> Option<Timestamp> {
    let older = before.iter().find(|secret| secret.state(now) == SecretState::Live)?;
    let limit = now.plus(overlap.as_duration());
    Some(older.expires_at.map_or(limit, |expires_at| expires_at.min(limit)))
}

fn show_once(page: &AppPage, added: &AddedSecret, made: MadeOnce) -> Result<HttpResponse, PageError> {
    let view = SecretOncePage {
        chrome: page.chrome(),
        head: page.head(AppTab::Secrets),
        made,
        secret: added.plaintext.expose(),
        expires_at: added.secret.expires_at.map(moment),
        back_path: page.path("/secrets"),
    };
    page.dashboard.page(StatusCode::OK, view.render())
}
