//! Asking somebody who is signed in for their password again. Guesses are counted for the session, apart from everything
//! else that is guessed at in it.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::session::Session;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::credential::StoredPassword;

use crate::authority::Authority;
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::events::Deed;
use crate::sign_in::password_hash::{NormalisedPassword, Standing, verify_password};
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::throttle::Guess;

/// Refuses a wrong one.
pub(crate) fn check_present_password(
    authority: &Authority,
    session: &Session,
    stored: &StoredPassword,
    password: &PlaintextSecret,
) -> AccountResult<()> {
    let Session { id, instance_id, user_id, .. } = session;
    let guess = Guess::in_session("present password", *instance_id, &id.to_string());
    let attempt = authority
        .throttle
        .admit(&guess, authority.clock.since_boot())
        .map_err(|retry_after| AccountDenial::from(SignInRefusal::TooManyAttempts { retry_after }))?;
    let normalised = NormalisedPassword::new(password);
    if verify_password(authority, Standing::Known, Some(stored), normalised.as_ref())? {
        attempt.succeeded();
        return Ok(());
    }
    attempt.failed();
    let actor = Actor::User(*user_id);
    let deed = Deed { authority, instance_id: *instance_id, actor, request_id: None };
    deed.note_refusal("password.present", Some(user_id.to_string()), "wrong_password");
    Err(AccountDenial::from(SignInRefusal::WrongCredentials).into())
}
