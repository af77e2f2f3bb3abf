//! Personal access tokens (seed 002: `AccessTokens`): made by whoever signed in a moment ago, shown once, and taken back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::render::Render;
use turnkeep_console::token_once::TokenOncePage;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{AppId, InstanceId, ReferenceTokenId, RequestId, UserId};
use turnkeep_protocol::management::reference_token::ReferenceTokenKindName;
use turnkeep_service::authority::Authority;
use turnkeep_service::reference_tokens::list_own_tokens::list_own_tokens;
use turnkeep_service::reference_tokens::list_token_apps::list_token_apps;
use turnkeep_service::reference_tokens::make_reference_token::{MadeReferenceToken, make_reference_token};
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};

use super::sent_form::{SentForm, SentToken};
use super::show::sent_form_page;
use super::token_form::DAYS_FIELD;
use crate::account::error_page::PageError;
use crate::account::person::{PersonRequest, UrgentRequest};
use crate::account::readable::moment;
use crate::account::typed_token::TypedToken;
use crate::dashboard::form_errors::FormErrors;

/// `POST /account/tokens`.
pub(crate) async fn submit_token(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    person.require_fresh()?;
    let app_id: AppId = form.take("app").unwrap_or_default().parse().map_err(|_| PageError::NotFound)?;
    let (issuer, user) = (person.page.issuer.clone(), person.signed_in.user.clone());
    let offered = person.page.run(move |authority| list_token_apps(authority, &issuer, &user)).await?;
    let app = offered.into_iter().find(|app| app.app_id == app_id);
    let typed = TypedToken::read(&mut form, DAYS_FIELD, app.iter().flat_map(|app| &app.scopes));
    let again = |message, errors| refused_form(&person, message, SentToken { app_id, typed: &typed, errors });
    let command = match typed.command(app_id, ReferenceTokenKindName::Personal, app.is_some()) {
        Ok(command) => command,
        Err(_) if app.is_none() => return Err(PageError::NotFound),
        Err(errors) => return again(None, errors).await,
    };
    let caller = OwnCaller::of(&person);
    let make = move |authority: &Authority| make_reference_token(&caller.context(authority), &command);
    match (person.page.ask(make).await?, app) {
        (Ok(made), app) => token_page(&person, &made, app.as_ref().map(|app| app.app_name.as_str())),
        (Err(RegistryDenial::TooManyReferenceTokens), Some(_)) => {
            again(Some(AccountMessage::TooManyTokens), FormErrors::default()).await
        }
        // An app that takes no tokens of this person is as good as absent.
        (Err(denial), app) => {
            let errors = FormErrors::of_denial(&denial);
            if errors.is_empty() || app.is_none() {
                return Err(PageError::NotFound);
            }
            again(None, errors).await
        }
    }
}

/// `POST /account/tokens/{id}/revoke`.
pub(crate) async fn submit_token_revocation(
    UrgentRequest(person): UrgentRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    person.read_form(payload).await?;
    let id: ReferenceTokenId = person.path_id()?;
    let (caller, user) = (OwnCaller::of(&person), person.signed_in.user.clone());
    let revoke = move |authority: &Authority| {
        let own = list_own_tokens(authority, &user)?;
        let own = own.into_iter().find(|own| own.token.id == id).ok_or(RegistryDenial::NotFound)?;
        revoke_reference_token(&caller.context(authority), own.token.app_id, id)
    };
    match person.page.ask(revoke).await? {
        Ok(()) => Ok(person.done(AccountMessage::TokenRevoked)),
        // Whether it is somebody else's or nobody's is not told.
        Err(_) => Err(PageError::NotFound),
    }
}

/// Somebody who has nothing but themselves.
#[derive(Clone, Copy)]
struct OwnCaller {
    instance_id: InstanceId,
    user_id: UserId,
    request_id: RequestId,
}

impl OwnCaller {
    fn of(person: &PersonRequest) -> Self {
        let user = &person.signed_in.user;
        let request_id = person.page.context.request_id;
        Self { instance_id: user.instance_id, user_id: user.id, request_id }
    }

    fn context(self, authority: &Authority) -> RegistryContext<'_> {
        RegistryContext {
            authority,
            instance_id: self.instance_id,
            caller: Caller::new(Actor::User(self.user_id), Reach::Nowhere),
            request_id: Some(self.request_id),
            idempotency: None,
        }
    }
}

async fn refused_form(
    person: &PersonRequest,
    message: Option<AccountMessage>,
    sent: SentToken<'_>,
) -> Result<HttpResponse, PageError> {
    sent_form_page(person, message, StatusCode::UNPROCESSABLE_ENTITY, SentForm::Token(sent)).await
}

fn token_page(
    person: &PersonRequest,
    made: &MadeReferenceToken,
    app_name: Option<&str>,
) -> Result<HttpResponse, PageError> {
    let account = person.page.paths.account();
    let html = TokenOncePage {
        frame: person.page.frame(),
        token: made.plaintext.expose(),
        token_name: made.token.name.as_str(),
        app_name: app_name.unwrap_or_default(),
        expires_at: moment(made.token.expires_at),
        account_path: &account,
    };
    person.page.page(StatusCode::OK, html.render())
}
