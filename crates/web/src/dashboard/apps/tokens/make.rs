//! `POST …/apps/{app}/tokens`: a service access token, shown on the answer and never again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::dashboard::secret_once::{MadeOnce, SecretOncePage};
use turnkeep_console::render::Render;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_policy::permission::Permission;
use turnkeep_protocol::management::reference_token::ReferenceTokenKindName;
use turnkeep_service::people::actor_names::{ActorNames, find_actor_names};
use turnkeep_service::reference_tokens::make_reference_token::{MadeReferenceToken, make_reference_token};

use super::form::DAYS_FIELD;
use super::show::{holder_in_words, tokens_page};
use crate::account::error_page::PageError;
use crate::account::typed_token::TypedToken;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, page_status};
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::shown::moment;

/// Makes one.
pub(crate) async fn submit_token(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let app = page.app();
    let typed = TypedToken::read(&mut form, DAYS_FIELD, app.settings.scopes.iter());
    let command = match typed.command(app.id, ReferenceTokenKindName::Service, true) {
        Ok(command) => command,
        Err(errors) => {
            page.dashboard.require(Permission::ManageReferenceTokens)?;
            return tokens_page(&page, StatusCode::UNPROCESSABLE_ENTITY, None, (&typed, &errors)).await;
        }
    };
    // Before there is a token: once it is made, nothing may keep the answer from showing it.
    let names = holder_names(&page).await?;
    match page.dashboard.act(move |context| make_reference_token(context, &command)).await? {
        Ok(made) => show_once(&page, &made, &names),
        Err(denial) => {
            let errors = FormErrors::of_denial(&denial);
            let notice = errors.is_empty().then(|| notice_of(&denial));
            tokens_page(&page, page_status(&denial), notice, (&typed, &errors)).await
        }
    }
}

async fn holder_names(page: &AppPage) -> Result<ActorNames, PageError> {
    let holders: Vec<Actor> = match page.app().settings.service_access {
        ServiceAccess::AsUser(user_id) => vec![Actor::User(user_id)],
        ServiceAccess::AsApp | ServiceAccess::Disabled => Vec::new(),
    };
    page.dashboard.read(move |context| find_actor_names(context, &holders)).await
}

fn show_once(
    page: &AppPage,
    made: &MadeReferenceToken,
    names: &ActorNames,
) -> Result<HttpResponse, PageError> {
    let view = SecretOncePage {
        chrome: page.chrome(),
        head: page.head(AppTab::Tokens),
        made: MadeOnce::ServiceAccessToken {
            name: made.token.name.to_string(),
            holder: holder_in_words(&made.token, names),
        },
        secret: made.plaintext.expose(),
        expires_at: Some(moment(made.token.expires_at)),
        back_path: page.path("/tokens"),
    };
    page.dashboard.page(StatusCode::OK, view.render())
}
