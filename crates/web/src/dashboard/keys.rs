//! `GET /dashboard/keys`, `POST /dashboard/keys/rotate`: the signing keys of the instance, for operators.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::keys::{KeyItem, KeysPage};
use turnkeep_console::render::Render;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKey, SigningKeyState};
use turnkeep_service::keys::look_after_keys::{list_instance_keys, rotate_instance_key};

use super::dashboard_request::{Announcements, DashboardRequest};
use super::place::{OperatorPlace, Place};
use super::shown::moment;
use crate::account::error_page::PageError;

const DONE: Announcements =
    &[("rotated", "Another key is published. It signs as soon as everybody knows it.")];

/// The page.
pub(crate) async fn show_keys(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let keys = dashboard.read(list_instance_keys).await?;
    let instance = &dashboard.acting.instance;
    let issuer = dashboard.person.page.state.authority.base_url().issuer_of(&instance.slug);
    let mut algorithms: Vec<_> = SigningAlgorithm::ALL.to_vec();
    algorithms.retain(|algorithm| keys.iter().any(|key| key.algorithm == *algorithm));
    let page = KeysPage {
        chrome: Chrome {
            notice: dashboard.announced(DONE),
            ..dashboard.chrome(Place::Operator(OperatorPlace::Keys), Vec::new())
        },
        keys: keys.iter().map(item).collect(),
        algorithms: algorithms.iter().map(ToString::to_string).collect(),
        rotate_action: dashboard.paths().to("/dashboard/keys/rotate"),
        key_set_url: format!("{issuer}/.well-known/jwks.json"),
    };
    dashboard.page(StatusCode::OK, page.render())
}

/// Has another key made.
pub(crate) async fn submit_rotation(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let named = form.take("algorithm").unwrap_or_default();
    let algorithm = SigningAlgorithm::ALL.into_iter().find(|algorithm| algorithm.as_str() == named);
    let algorithm = algorithm.ok_or(PageError::MalformedRequest)?;
    dashboard.read(move |context| rotate_instance_key(context, algorithm)).await?;
    Ok(dashboard.done(&dashboard.paths().operator_place(OperatorPlace::Keys), "rotated"))
}

fn item(key: &SigningKey) -> KeyItem {
    let (state, at) = match key.state {
        SigningKeyState::PrePublished => ("published, signs later", None),
        SigningKeyState::Active { since } => ("signs since", Some(since)),
        SigningKeyState::Retiring { until } => ("signs no more, published until", Some(until)),
        SigningKeyState::Gone { since } => ("gone since", Some(since)),
    };
    KeyItem {
        id: key.id.to_string(),
        algorithm: key.algorithm.to_string(),
        state,
        at: at.map(moment),
        created_at: moment(key.created_at),
    }
}
