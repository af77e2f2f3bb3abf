//! The overview itself.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::account::consent::ConsentItem;
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::account::page::AccountPage;
use turnkeep_console::account::passkey::PasskeyItem;
use turnkeep_console::account::session::SessionItem;
use turnkeep_console::account::token::{NewToken, TokenApp, TokenItem, TokenStanding};
use turnkeep_console::account::totp::TotpState;
use turnkeep_console::form::PasskeyOffer;
use turnkeep_console::parts::tick_field::TickedAction;
use turnkeep_console::render::Render;
use turnkeep_domain::id::SessionId;
use turnkeep_domain::session::Session;
use turnkeep_policy::decide_reference_token_use::ReferenceTokenRefusal;
use turnkeep_service::authorization::list_consents::{ConsentView, list_consents};
use turnkeep_service::reference_tokens::list_own_tokens::{OwnToken, list_own_tokens};
use turnkeep_service::reference_tokens::list_token_apps::{TokenAppView, list_token_apps};
use turnkeep_service::sign_in::credentials::{Credentials, PasskeyView, list_credentials};
use turnkeep_service::sign_in::end_sessions::list_sessions;

use super::notice::announcement;
use super::sent_form::{OLD_CODES_STOP, PASSKEY_IS_LOST, SentForm};
use super::token_form::token_form;
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_query;
use crate::account::password_rules::minimum_length;
use crate::account::paths::PagePaths;
use crate::account::person::PersonRequest;
use crate::account::readable::{moment, readable_browser, readable_methods};
use crate::account::typed_token::TypedToken;

/// What the overview is about.
struct Overview {
    sessions: Vec<Session>,
    consents: Vec<ConsentView>,
    credentials: Credentials,
    tokens: Vec<OwnToken>,
    token_apps: Vec<TokenAppView>,
}

/// `GET /account`.
pub(crate) async fn show_account(person: PersonRequest) -> Result<HttpResponse, PageError> {
    let done = read_page_query(&person.page.request)?.take("done");
    let message = done.as_deref().and_then(announcement);
    account_page(&person, message, StatusCode::OK).await
}

/// The overview with something to say.
pub(super) async fn account_page(
    person: &PersonRequest,
    message: Option<AccountMessage>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    overview_page(person, message, status, None).await
}

/// The same with a form as it was filled in.
pub(super) async fn sent_form_page(
    person: &PersonRequest,
    message: Option<AccountMessage>,
    status: StatusCode,
    sent: SentForm<'_>,
) -> Result<HttpResponse, PageError> {
    overview_page(person, message, status, Some(sent)).await
}

async fn overview_page(
    person: &PersonRequest,
    message: Option<AccountMessage>,
    status: StatusCode,
    sent: Option<SentForm<'_>>,
) -> Result<HttpResponse, PageError> {
    let overview = load(person).await?;
    let PersonRequest { page, signed_in } = person;
    let (paths, credentials, sent) = (&page.paths, &overview.credentials, sent.as_ref());
    if sent.is_some_and(|sent| !sent.is_about_any_of(credentials)) {
        return Err(PageError::NotFound);
    }
    let csrf = page.form_token();
    let passkey_paths = (paths.to("/account/passkeys"), paths.to("/account/passkeys/options"));
    let password_action = paths.to("/account/password");
    let (totp, totp_remove) = (paths.to("/account/totp"), paths.to("/account/totp/remove"));
    let totp_since = credentials.totp_since.map(moment);
    let recovery = paths.to("/account/recovery-codes");
    let code_errors = sent.map(SentForm::errors_of_recovery_codes).unwrap_or_default();
    let new_token = (paths.to("/account/tokens"), token_apps(&overview.token_apps, sent));
    let html = AccountPage {
        frame: page.frame(),
        csrf: &csrf,
        user_name: signed_in.user.name.as_str(),
        display_name: signed_in.user.display_name.as_str(),
        sign_out_action: &paths.to("/account/sign-out"),
        dashboard_path: &paths.dashboard(),
        message,
        sign_in_again_path: &paths.sign_in_again(),
        is_fresh: person.is_fresh(),
        sessions: &session_items(&overview.sessions, signed_in.session.id, paths),
        end_others_action: &paths.to("/account/sessions/end-others"),
        consents: &consent_items(&overview.consents, paths),
        password_action: credentials.password_since.is_some().then_some(&*password_action),
        minimum_length: minimum_length(credentials.totp_since.is_some()),
        passkeys: &passkey_items(&credentials.passkeys, paths, sent),
        new_passkey: page
            .offers_passkeys()
            .then_some(PasskeyOffer { action: &passkey_paths.0, options_path: &passkey_paths.1 }),
        totp: match &totp_since {
            Some(since) => {
                let asks_password = credentials.password_since.is_some();
                TotpState::On { since, remove_action: &totp_remove, asks_password }
            }
            None => TotpState::Off { start_action: &totp },
        },
        recovery_codes_left: credentials.recovery_codes_left,
        new_recovery_codes: totp_since
            .is_some()
            .then(|| TickedAction { path: recovery, tick: OLD_CODES_STOP.field(&code_errors) }),
        tokens: &token_items(&overview.tokens, paths),
        new_token: (!new_token.1.is_empty()).then_some(NewToken { action: &new_token.0, apps: &new_token.1 }),
        session_notice: person.session_notice(),
    };
    page.page(status, html.render())
}

async fn load(person: &PersonRequest) -> Result<Overview, PageError> {
    let (issuer, signed_in) = (person.page.issuer.clone(), person.signed_in.clone());
    let load = move |authority: &_| {
        Ok(Overview {
            sessions: list_sessions(authority, &signed_in)?,
            consents: list_consents(authority, &signed_in.user)?,
            credentials: list_credentials(authority, &signed_in)?,
            tokens: list_own_tokens(authority, &signed_in.user)?,
            token_apps: list_token_apps(authority, &issuer, &signed_in.user)?,
        })
    };
    person.page.run(load).await
}

fn session_items(sessions: &[Session], present: SessionId, paths: &PagePaths) -> Vec<SessionItem> {
    let item = |session: &Session| SessionItem {
        browser: readable_browser(&session.user_agent),
        signed_in_at: moment(session.authentication.at()),
        last_seen_at: moment(session.last_seen_at),
        method: readable_methods(&session.authentication),
        is_this: session.id == present,
        end_action: paths.to(&format!("/account/sessions/{}/end", session.id)),
    };
    sessions.iter().map(item).collect()
}

fn consent_items(consents: &[ConsentView], paths: &PagePaths) -> Vec<ConsentItem> {
    let item = |view: &ConsentView| ConsentItem {
        app_name: view.app_name.to_string(),
        tenant_name: view.tenant_name.to_string(),
        scopes: view.consent.scopes.iter().map(ToString::to_string).collect(),
        given_at: moment(view.consent.given_at),
        revoke_action: paths.to(&format!("/account/consents/{}/revoke", view.consent.app_id)),
    };
    consents.iter().map(item).collect()
}

fn passkey_items(
    passkeys: &[PasskeyView],
    paths: &PagePaths,
    sent: Option<&SentForm<'_>>,
) -> Vec<PasskeyItem> {
    let item = |(place, passkey): (usize, &PasskeyView)| PasskeyItem {
        name: passkey.name.clone(),
        added_at: moment(passkey.created_at),
        last_used_at: passkey.last_used_at.map(moment),
        removal: TickedAction {
            path: paths.to(&format!("/account/passkeys/{}/remove", passkey.id)),
            tick: PASSKEY_IS_LOST.field_at(place, sent.and_then(|sent| sent.errors_of_passkey(passkey.id))),
        },
    };
    (1..).zip(passkeys).map(item).collect()
}

fn token_items(tokens: &[OwnToken], paths: &PagePaths) -> Vec<TokenItem> {
    let item = |OwnToken { token, app_name, refusal }: &OwnToken| TokenItem {
        name: token.name.to_string(),
        app_name: app_name.to_string(),
        scopes: token.scopes.iter().map(ToString::to_string).collect(),
        made_at: moment(token.created_at),
        expires_at: moment(token.expires_at),
        standing: match refusal {
            None => TokenStanding::Works,
            Some(ReferenceTokenRefusal::Policy(_)) => TokenStanding::NotAllowed,
            Some(
                ReferenceTokenRefusal::NotLive
                | ReferenceTokenRefusal::App(_)
                | ReferenceTokenRefusal::SignIn(_)
                | ReferenceTokenRefusal::OtherUser,
            ) => TokenStanding::Refused,
        },
        last_used_at: token.last_used_at.map(moment),
        revoke_action: paths.to(&format!("/account/tokens/{}/revoke", token.id)),
    };
    tokens.iter().map(item).collect()
}

fn token_apps(apps: &[TokenAppView], sent: Option<&SentForm<'_>>) -> Vec<TokenApp> {
    let untouched = TypedToken::default();
    let sent_for = |app: &TokenAppView| sent.and_then(|sent| sent.token_of(app.app_id));
    let form = |(app, place): (&TokenAppView, usize)| match sent_for(app) {
        Some(sent) => token_form(sent.typed, app, place, Some(&sent.errors)),
        None => token_form(&untouched, app, place, None),
    };
    apps.iter().zip(1..).map(form).collect()
}
