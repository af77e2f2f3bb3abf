//! `GET …/apps/{app}/tokens`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_console::dashboard::reference_tokens::{
    MakingServiceTokens, ReferenceTokenItem, ReferenceTokenItemState, ReferenceTokensPage,
};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::render::Render;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::ReferenceTokenId;
use turnkeep_domain::reference_token::{
    ReferenceToken, ReferenceTokenKind, ReferenceTokenPolicy, ReferenceTokenState,
};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::permission::Permission;
use turnkeep_service::people::actor_names::{ActorNames, find_actor_names};
use turnkeep_service::reference_tokens::list_reference_tokens::list_reference_tokens;

use super::form::token_form;
use crate::account::error_page::PageError;
use crate::account::typed_token::TypedToken;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::audit_items::in_words;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::listing::{cut, next_path, page_after};
use crate::dashboard::shown::moment;

/// What the page says afterwards.
const DONE: Announcements = &[("revoked", "The token is revoked. It does not work any more.")];

/// The inventory, and what makes one.
pub(crate) async fn show_tokens(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let notice = page.dashboard.announced(DONE);
    let nothing = (&TypedToken::default(), &FormErrors::default());
    tokens_page(&page, StatusCode::OK, notice, nothing).await
}

/// The same with a form that was filled in.
pub(super) async fn tokens_page(
    page: &AppPage,
    status: StatusCode,
    notice: Option<Notice>,
    (typed, errors): (&TypedToken, &FormErrors),
) -> Result<HttpResponse, PageError> {
    let (app, dashboard) = (page.app(), &page.dashboard);
    let after: Option<ReferenceTokenId> = dashboard.query()?.take("after").and_then(|id| id.parse().ok());
    let (id, part) = (app.id, page_after(after));
    let mut tokens = dashboard.read(move |context| list_reference_tokens(context, id, None, &part)).await?;
    let next_path = cut(&mut tokens).map(|last| next_path(&page.path("/tokens"), &[], &last.id));
    let holders: Vec<Actor> = tokens.iter().map(holder).collect();
    let names = dashboard.read(move |context| find_actor_names(context, &holders)).await?;
    let now = dashboard.person.page.state.authority.now();
    let view = ReferenceTokensPage {
        chrome: Chrome { notice, ..page.chrome() },
        head: page.head(AppTab::Tokens),
        are_taken: are_taken(app.settings.reference_tokens),
        settings_path: dashboard.may(Permission::ManageApps).then(|| page.path("/settings")),
        tokens: tokens.iter().map(|token| item(page, token, &names, now)).collect(),
        next_path,
        making: may_make(page).then(|| making(page, typed, errors)),
    };
    dashboard.page(status, view.render())
}

/// As whom a token acts, in words.
pub(super) fn holder_in_words(token: &ReferenceToken, names: &ActorNames) -> String {
    match token.user_id {
        Some(_) => in_words(holder(token), names),
        None => "The app itself".to_owned(),
    }
}

fn holder(token: &ReferenceToken) -> Actor {
    token.user_id.map_or(Actor::App(token.app_id), Actor::User)
}

fn are_taken(policy: ReferenceTokenPolicy) -> bool {
    match policy {
        ReferenceTokenPolicy::None => false,
        ReferenceTokenPolicy::AuthenticatedUsers | ReferenceTokenPolicy::AdministratorsOnly => true,
    }
}

fn may_make(page: &AppPage) -> bool {
    are_taken(page.app().settings.reference_tokens) && page.dashboard.may(Permission::ManageReferenceTokens)
}

/// What would be refused is not offered.
fn making(page: &AppPage, typed: &TypedToken, errors: &FormErrors) -> MakingServiceTokens {
    let app = page.app();
    match (app.settings.service_access, app.client_type) {
        (ServiceAccess::Disabled, ClientType::Public) => MakingServiceTokens::PublicApp,
        (ServiceAccess::Disabled, ClientType::Confidential) => {
            let is_operator = page.dashboard.may(Permission::Operate);
            MakingServiceTokens::ServiceAccessOff {
                settings_path: is_operator.then(|| page.path("/settings")),
            }
        }
        (ServiceAccess::AsApp | ServiceAccess::AsUser(_), _) => {
            let form = token_form(typed, page.path("/tokens"), &app.settings.scopes, errors);
            MakingServiceTokens::Offered(Box::new(form))
        }
    }
}

fn item(page: &AppPage, token: &ReferenceToken, names: &ActorNames, now: Timestamp) -> ReferenceTokenItem {
    let state = match (token.state(now), token.revoked_at) {
        (ReferenceTokenState::Live, _) => ReferenceTokenItemState::Live,
        (ReferenceTokenState::Revoked, Some(at)) => ReferenceTokenItemState::Revoked { at: moment(at) },
        (ReferenceTokenState::Expired | ReferenceTokenState::Revoked, _) => ReferenceTokenItemState::Expired,
    };
    let is_own = token.user_id == Some(page.dashboard.person.signed_in.user.id);
    let may_revoke = is_own || page.dashboard.may(Permission::ManageReferenceTokens);
    let is_revocable = may_revoke && state == ReferenceTokenItemState::Live;
    ReferenceTokenItem {
        id: token.id.to_string(),
        name: token.name.to_string(),
        hint: token.hint.as_str().to_owned(),
        is_personal: match token.kind {
            ReferenceTokenKind::Personal => true,
            ReferenceTokenKind::Service => false,
        },
        holder: holder_in_words(token, names),
        audience: token.audience.to_string(),
        scopes: token.scopes.iter().map(ToString::to_string).collect(),
        created_at: moment(token.created_at),
        expires_at: moment(token.expires_at),
        last_used_at: token.last_used_at.map(moment),
        state,
        revoke_action: is_revocable.then(|| page.path(&format!("/tokens/{}/revoke", token.id))),
    }
}
