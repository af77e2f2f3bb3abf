//! `GET …/apps/{app}/secrets`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::secrets::{SecretForms, SecretItem, SecretItemState, SecretsPage};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::render::Render;
use turnkeep_domain::client_secret::{ClientSecret, Overlap, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::SecretId;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_secret_addition::decide_secret_overlap;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::list_secrets::list_secrets;

use super::age::age;
use crate::account::error_page::PageError;
use crate::account::tick::Tick;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::shown::moment;

/// How long an older secret can go on beside a new one: seconds, and what that is called.
const OVERLAPS: [(&str, &str); 4] =
    [("3600", "1 hour"), ("86400", "1 day"), ("604800", "7 days"), ("2592000", "30 days")];

/// The one to begin with.
const USUAL_OVERLAP: &str = "86400";

/// What is ticked before all secrets are replaced, which stops whatever uses the app.
pub(super) const OLD_SECRETS_STOP: Tick = Tick {
    name: "old_secrets_stop",
    label: "The old secrets stop at once; I know which services use them.",
    warning_id: "regenerate-warning",
};

/// What the page says afterwards.
const DONE: Announcements = &[
    ("revoked", "The secret is revoked. It does not work any more, nor do the tokens that it obtained."),
    (
        "others-revoked",
        "All others are revoked. They do not work any more, nor do the tokens that they obtained.",
    ),
];

/// The list, and what makes new ones.
pub(crate) async fn show_secrets(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let notice = page.dashboard.announced(DONE);
    secrets_page(&page, StatusCode::OK, notice, &FormErrors::default()).await
}

/// The same after a refusal.
pub(super) async fn show_refused(page: &AppPage, denial: &RegistryDenial) -> Result<HttpResponse, PageError> {
    secrets_page(page, page_status(denial), Some(notice_of(denial)), &FormErrors::default()).await
}

/// The same after a form that was filled in wrongly.
pub(super) async fn show_wrong(page: &AppPage, errors: &FormErrors) -> Result<HttpResponse, PageError> {
    secrets_page(page, StatusCode::UNPROCESSABLE_ENTITY, None, errors).await
}

async fn secrets_page(
    page: &AppPage,
    status: StatusCode,
    notice: Option<Notice>,
    errors: &FormErrors,
) -> Result<HttpResponse, PageError> {
    let (app, dashboard) = (page.app(), &page.dashboard);
    let id = app.id;
    let secrets = dashboard.read(move |context| list_secrets(context, id)).await?;
    let now = dashboard.person.page.state.authority.now();
    let may_manage = dashboard.may(Permission::ManageSecrets);
    let is_public = match app.client_type {
        ClientType::Public => true,
        ClientType::Confidential => false,
    };
    let live = secrets.iter().filter(|secret| secret.state(now) == SecretState::Live).count();
    let path = |id: SecretId, rest: &str| page.path(&format!("/secrets/{id}/{rest}"));
    let item = |secret: &ClientSecret| {
        let is_revocable = may_manage && secret.state(now) == SecretState::Live;
        SecretItem {
            revoke_action: is_revocable.then(|| path(secret.id, "revoke")),
            keep_action: (is_revocable && 1 < live).then(|| path(secret.id, "revoke-others")),
            ..secret_item(secret, now)
        }
    };
    let view = SecretsPage {
        chrome: Chrome { notice, ..page.chrome() },
        head: page.head(AppTab::Secrets),
        is_public,
        secrets: secrets.iter().map(item).collect(),
        forms: may_manage.then(|| forms(page, &secrets, now, errors)),
    };
    dashboard.page(status, view.render())
}

fn secret_item(secret: &ClientSecret, now: Timestamp) -> SecretItem {
    let state = match (secret.state(now), secret.revoked_at) {
        (SecretState::Live, _) => SecretItemState::Live,
        (SecretState::Revoked, Some(at)) => SecretItemState::Revoked { at: moment(at) },
        (SecretState::Expired | SecretState::Revoked, _) => SecretItemState::Expired,
    };
    SecretItem {
        id: secret.id.to_string(),
        hint: secret.hint.as_str().to_owned(),
        created_at: moment(secret.created_at),
        age: age(secret.created_at, now),
        last_used_at: secret.last_used_at.map(moment),
        expires_at: secret.expires_at.map(moment),
        state,
        revoke_action: None,
        keep_action: None,
    }
}

fn forms(page: &AppPage, secrets: &[ClientSecret], now: Timestamp, errors: &FormErrors) -> SecretForms {
    let has_room = |overlap| decide_secret_overlap(page.app().client_type, secrets, overlap, now).is_ok();
    let choice = |(value, label): &(&'static str, &'static str)| Choice::of(*value, *label);
    SecretForms {
        version: page.app().version.as_number(),
        regenerate_action: page.path("/secrets/regenerate"),
        regenerate_tick: OLD_SECRETS_STOP.field(errors),
        // How long it is makes no difference to whether there is room.
        add_action: Overlap::from_secs(60).is_ok_and(has_room).then(|| page.path("/secrets/add")),
        overlap: ChoiceField {
            id: "overlap".into(),
            name: "overlap_seconds".into(),
            label: "How long the older secret goes on".into(),
            chosen: USUAL_OVERLAP.to_owned(),
            choices: OVERLAPS.iter().map(choice).collect(),
            error: errors.of("overlap_seconds"),
            ..ChoiceField::default()
        },
    }
}
