//! Choosing a password by a link, and being signed in with it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_console::set_password::SetPasswordMessage;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::make_first_operator::{MakeFirstOperator, make_first_operator};
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::sign_in_with_password::PasswordOutcome;
use turnkeep_service::sign_in::use_link::{UseLink, set_password_by_link};

use super::show::{OpenLink, Typed, link_spent, open_link, set_password_page};
use crate::account::error_page::PageError;
use crate::account::page_form::read_page_form;
use crate::account::page_request::PageRequest;
use crate::account::password_rules::problem_of;
use crate::account::sign_in::admitted::admitted;
use crate::account::sign_in::browser::browser_of;
use crate::account::sign_in::destination::Destination;
use crate::account::sign_in::second_factor::ask_second_factor;

/// `POST /account/link`.
pub(crate) async fn submit_link(page: PageRequest, payload: web::Payload) -> Result<HttpResponse, PageError> {
    let mut form = read_page_form(&page.request, payload).await?;
    let checked = page.check_form(&mut form);
    let mut field = |name| form.take(name).unwrap_or_default();
    let password = PlaintextSecret::new(field("new_password"));
    let typed = Typed { user_name: field("user_name"), display_name: field("display_name") };
    let Some(link) = open_link(&page, field("token")).await? else {
        return link_spent(&page);
    };
    if checked.is_err() {
        let message = Some(SetPasswordMessage::FormExpired);
        return set_password_page(&page, &link, &typed, message, StatusCode::FORBIDDEN);
    }
    let (chosen, destination) = match &link.user {
        Some(_) => (set_password(&page, &link, password).await?, Destination::account()),
        // There is nothing in the account to do, and an instance to look after.
        None => (make_operator(&page, &link, &typed, password).await?, Destination::dashboard()),
    };
    match chosen {
        Ok(PasswordOutcome::SignedIn(session)) => Ok(admitted(&page, &destination, &session)),
        Ok(PasswordOutcome::SecondFactorNeeded(pending)) => ask_second_factor(&page, &destination, &pending),
        Err(NotChosen::Link) => link_spent(&page),
        Err(NotChosen::Because(message)) => {
            set_password_page(&page, &link, &typed, Some(message), StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// Why no password was set.
enum NotChosen {
    Link,
    Because(SetPasswordMessage),
}

impl From<AccountDenial> for NotChosen {
    fn from(denial: AccountDenial) -> Self {
        match denial {
            AccountDenial::Password(denial) => {
                Self::Because(SetPasswordMessage::Password(problem_of(denial)))
            }
            AccountDenial::NameTaken => Self::Because(SetPasswordMessage::UserNameRefused),
            AccountDenial::LinkSpent
            | AccountDenial::NotFresh
            | AccountDenial::SignIn(
                SignInRefusal::WrongCredentials | SignInRefusal::TooManyAttempts { .. },
            )
            | AccountDenial::PasswordNeeded
            | AccountDenial::Expired
            | AccountDenial::NotFound
            | AccountDenial::UserCannotSignIn
            | AccountDenial::PasskeysUnavailable
            | AccountDenial::TooManyPasskeys
            | AccountDenial::PasskeyKnown
            | AccountDenial::Passkey(_)
            | AccountDenial::Registry(_) => Self::Link,
        }
    }
}

async fn set_password(
    page: &PageRequest,
    link: &OpenLink,
    password: PlaintextSecret,
) -> Result<Result<PasswordOutcome, NotChosen>, PageError> {
    let command = UseLink {
        issuer: page.issuer.clone(),
        token: PlaintextSecret::new(link.token.clone()),
        password,
        browser: browser_of(page),
        request_id: Some(page.context.request_id),
    };
    let chosen = page.ask_hashing(move |authority| set_password_by_link(authority, &command)).await?;
    Ok(chosen.map_err(NotChosen::from))
}

async fn make_operator(
    page: &PageRequest,
    link: &OpenLink,
    typed: &Typed,
    password: PlaintextSecret,
) -> Result<Result<PasswordOutcome, NotChosen>, PageError> {
    let Ok(name) = UserName::parse(&typed.user_name) else {
        return Ok(Err(NotChosen::Because(SetPasswordMessage::UserNameRefused)));
    };
    let Ok(display_name) = DisplayName::parse(&typed.display_name) else {
        return Ok(Err(NotChosen::Because(SetPasswordMessage::DisplayNameRefused)));
    };
    let command = MakeFirstOperator {
        issuer: page.issuer.clone(),
        token: PlaintextSecret::new(link.token.clone()),
        name,
        display_name,
        password,
        browser: browser_of(page),
        request_id: Some(page.context.request_id),
    };
    let made = page.ask_hashing(move |authority| make_first_operator(authority, &command)).await?;
    Ok(made.map(PasswordOutcome::SignedIn).map_err(NotChosen::from))
}
