//! Using a link: choosing a password, and being signed in with it.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::outcome::Updated;

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::handles::handle_hash;
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::account_links::usable_link;
use crate::sign_in::browser::Browser;
use crate::sign_in::events::{Deed, set};
use crate::sign_in::new_password::{SecondFactor, judge_new_password, store_password};
use crate::sign_in::password_hash::hash_password;
use crate::sign_in::pending_sign_in::PendingSignIn;
use crate::sign_in::session::instance_of;
use crate::sign_in::sign_in_with_password::PasswordOutcome;
use crate::sign_in::start_session::{Start, start_session};
use crate::snapshot::look_up::LookUp;
use crate::transaction;

/// What somebody sent.
#[derive(Debug, Clone)]
pub struct UseLink {
    /// Where.
    pub issuer: Slug,
    /// What the link has.
    pub token: PlaintextSecret,
    /// The new password.
    pub password: PlaintextSecret,
    /// With what.
    pub browser: Browser,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// Sets the password of the link's user and signs in, by the second factor if there is one. Whatever was begun before
/// ends, other links to the account among it. A password that is refused leaves the link as it is.
pub fn set_password_by_link(authority: &Authority, command: &UseLink) -> AccountResult<PasswordOutcome> {
    let UseLink { issuer, token, password, browser, request_id } = command;
    if check_form(token.expose()) != GeneratedForm::Generated(SecretKind::AccountLink) {
        return Err(AccountDenial::LinkSpent.into());
    }
    let instance_id = instance_of(authority, issuer)?.ok_or(AccountDenial::LinkSpent)?;
    let (hash, now) = (handle_hash(token.expose()), authority.now());
    let found = authority.store.read(|reads| {
        let link = usable_link(reads, instance_id, &hash, now)?;
        let Some(user) = link.and_then(|link| link.user) else {
            return Ok(None);
        };
        let has_totp = reads.find_totp(instance_id, user.id)?.is_some();
        Ok(Some((user, has_totp)))
    })?;
    let (user, has_totp) = found.ok_or(AccountDenial::LinkSpent)?;
    let second_factor = if has_totp { SecondFactor::Totp } else { SecondFactor::None };
    let normalised = judge_new_password(authority, issuer, &user, second_factor, password)?;
    let hashed = hash_password(authority, &normalised)?;
    let deed = Deed { authority, instance_id, actor: Actor::User(user.id), request_id: *request_id };
    transaction::mutate(&*authority.store, |writes| {
        let link = usable_link(writes, instance_id, &hash, now)?;
        let Some((purpose, user)) = link.and_then(|link| link.user.map(|user| (link.purpose, user))) else {
            return Ok(Err(AccountDenial::LinkSpent));
        };
        if writes.use_account_link(instance_id, &hash, now)? == Updated::Stale {
            return Ok(Err(AccountDenial::LinkSpent));
        }
        let ended = store_password(writes, &user, &hashed, deed, now)?;
        let action = match purpose {
            AccountLinkPurpose::Welcome(_) => "password.choose",
            AccountLinkPurpose::FirstOperator | AccountLinkPurpose::Reset(_) => "password.reset",
        };
        let told = vec![set("sessions_ended", ended.sessions), set("grants_revoked", ended.grants)];
        append_event(authority, writes, &deed.done(action, user.id, told))?;
        Ok(Ok(()))
    })??;
    // Read after the change, so that the new session is above its mark.
    let sequence = authority.in_step(LookUp::Anywhere)?;
    if has_totp {
        return Ok(PasswordOutcome::SecondFactorNeeded(PendingSignIn::new(user.id, sequence, now)));
    }
    let start = Start {
        issuer,
        instance_id,
        user_id: user.id,
        authentication: Authentication::by(AuthenticationMethod::Password, now),
        sequence,
        browser,
        request_id: *request_id,
    };
    // An authenticator app may have been set up since.
    let begun =
        start_session(authority, &start, |admits, _| Ok(admits.find_totp(instance_id, user.id)?.is_none()))?;
    Ok(PasswordOutcome::SignedIn(begun.ok_or(AccountDenial::LinkSpent)?))
}
