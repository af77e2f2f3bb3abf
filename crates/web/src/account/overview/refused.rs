//! What somebody is told whose account stays as it was.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::account::message::AccountMessage;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::refusal::SignInRefusal;

use super::show::account_page;
use crate::account::error_page::PageError;
use crate::account::password_rules::problem_of;
use crate::account::person::PersonRequest;
use crate::account::sign_in::with_password::too_many_attempts;

/// The answer to a denial that has no page of its own.
pub(super) async fn refused(
    person: &PersonRequest,
    denial: AccountDenial,
) -> Result<HttpResponse, PageError> {
    let (message, status) = match denial {
        AccountDenial::NotFresh => return Err(PageError::NotFresh),
        AccountDenial::Expired => return Err(PageError::InteractionExpired),
        AccountDenial::LinkSpent | AccountDenial::UserCannotSignIn => return Err(PageError::LinkInvalid),
        AccountDenial::NotFound | AccountDenial::Registry(_) | AccountDenial::NameTaken => {
            return Err(PageError::NotFound);
        }
        AccountDenial::SignIn(SignInRefusal::TooManyAttempts { retry_after }) => {
            let message = Some(AccountMessage::TooManyAttempts);
            let page = account_page(person, message, StatusCode::TOO_MANY_REQUESTS).await?;
            return Ok(too_many_attempts(page, retry_after));
        }
        AccountDenial::SignIn(SignInRefusal::WrongCredentials) | AccountDenial::PasswordNeeded => {
            (AccountMessage::CurrentPasswordRefused, StatusCode::FORBIDDEN)
        }
        AccountDenial::Password(denial) => {
            (AccountMessage::NewPassword(problem_of(denial)), StatusCode::UNPROCESSABLE_ENTITY)
        }
        AccountDenial::TooManyPasskeys => (AccountMessage::TooManyPasskeys, StatusCode::UNPROCESSABLE_ENTITY),
        AccountDenial::PasskeysUnavailable | AccountDenial::PasskeyKnown | AccountDenial::Passkey(_) => {
            (AccountMessage::PasskeyRefused, StatusCode::UNPROCESSABLE_ENTITY)
        }
    };
    account_page(person, Some(message), status).await
}
