//! Changing the password. It ends everything that was begun under the old one, but for this browser's session, which
//! goes on under a new handle.

use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::sign_in::change_password::{ChangePassword, change_password};

use super::refused::refused;
use crate::account::error_page::PageError;
use crate::account::person::PersonRequest;
use crate::account::sign_in::admitted::keep_session;
use crate::account::sign_in::browser::browser_of;

/// `POST /account/password`.
pub(crate) async fn submit_password_change(
    person: PersonRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = person.read_form(payload).await?;
    let present = form.take("current_password").map(PlaintextSecret::new);
    let new = PlaintextSecret::new(form.take("new_password").unwrap_or_default());
    let command = ChangePassword {
        issuer: person.page.issuer.clone(),
        present,
        new,
        browser: browser_of(&person.page),
        request_id: Some(person.page.context.request_id),
    };
    let signed_in = person.signed_in.clone();
    match person.page.ask_hashing(move |authority| change_password(authority, &signed_in, &command)).await? {
        Ok(session) => {
            let mut response = person.done(AccountMessage::PasswordChanged);
            keep_session(&person.page, &mut response, &session);
            Ok(response)
        }
        Err(denial) => refused(&person, denial).await,
    }
}
