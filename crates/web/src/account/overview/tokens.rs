//! Personal access tokens (seed 002: `AccessTokens`): made by whoever signed in a moment ago, shown once, and taken back.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::account::token::SCOPE_FIELD_PREFIX;
use turnkeep_console::render::Render;
use turnkeep_console::token_once::TokenOncePage;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, ReferenceTokenId, RequestId, UserId};
use turnkeep_domain::reference_token::{ReferenceTokenKind, ReferenceTokenLifetime};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_policy::decide_reference_token_use::ReferenceTokenRefusal;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::authority::Authority;
use turnkeep_service::reference_tokens::list_own_tokens::list_own_tokens;
use turnkeep_service::reference_tokens::list_token_apps::{TokenAppView, list_token_apps};
use turnkeep_service::reference_tokens::make_reference_token::{
    MadeReferenceToken, MakeReferenceTokenCommand, make_reference_token,
};
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::{Caller, Reach};

use super::show::account_page;
use crate::account::error_page::PageError;
use crate::account::person::{PersonRequest, UrgentRequest};
use crate::account::readable::moment;

/// `POST /account/tokens`.
pub(crate) async fn submit_token(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    person.require_fresh()?;
    let app_id: AppId = form.take("app").unwrap_or_default().parse().map_err(|_| PageError::NotFound)?;
    let Some((name, lifetime)) = name_and_lifetime(&mut form) else {
        return refused(&person, AccountMessage::TokenRefused).await;
    };
    let (issuer, user) = (person.page.issuer.clone(), person.signed_in.user.clone());
    let offered = person.page.run(move |authority| list_token_apps(authority, &issuer, &user)).await?;
    let app = offered.into_iter().find(|app| app.app_id == app_id);
    // Of an app that is not offered nothing is ticked: it is refused as such before anybody looks at scopes.
    let scopes = app.as_ref().map(|app| ticked(&mut form, app)).unwrap_or_default();
    let kind = ReferenceTokenKind::Personal;
    let command = MakeReferenceTokenCommand { app_id, kind, name, scopes, audience: None, lifetime };
    let caller = OwnCaller::of(&person);
    let make = move |authority: &Authority| make_reference_token(&caller.context(authority), &command);
    let made = person.page.ask(make).await?;
    match made {
        Ok(made) => token_page(&person, &made, app.as_ref().map(|app| app.app_name.as_str())),
        Err(denial) => refused(&person, message(&denial)?).await,
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

fn name_and_lifetime(form: &mut FormParameters) -> Option<(DisplayName, ReferenceTokenLifetime)> {
    let name = DisplayName::parse(&form.take("name")?).ok()?;
    let lifetime = ReferenceTokenLifetime::from_days(form.take("days")?.parse().ok()?).ok()?;
    Some((name, lifetime))
}

/// What was ticked of what was offered.
fn ticked(form: &mut FormParameters, app: &TokenAppView) -> ScopeSet {
    let mut is_ticked = |name: &str| form.take(&format!("{SCOPE_FIELD_PREFIX}{name}")).is_some();
    let names: BTreeSet<_> = app.scopes.iter().filter(|name| is_ticked(name.as_str())).cloned().collect();
    // No more than the app has.
    ScopeSet::new(names).unwrap_or_default()
}

/// What a denial is on this page. An app that takes no tokens of this person is as good as absent.
fn message(denial: &RegistryDenial) -> Result<AccountMessage, PageError> {
    let is_about_scopes = |denial| {
        matches!(
            denial,
            TokenDenial::NoScope | TokenDenial::ScopeNotAllowed | TokenDenial::AudienceNotAllowed
        )
    };
    if let RegistryDenial::TooManyReferenceTokens = denial {
        return Ok(AccountMessage::TooManyTokens);
    }
    if let RegistryDenial::ReferenceToken(ReferenceTokenRefusal::App(denial)) = denial
        && is_about_scopes(*denial)
    {
        return Ok(AccountMessage::TokenScopesRefused);
    }
    Err(PageError::NotFound)
}

async fn refused(person: &PersonRequest, message: AccountMessage) -> Result<HttpResponse, PageError> {
    account_page(person, Some(message), StatusCode::UNPROCESSABLE_ENTITY).await
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
