//! Changing a password: by its owner who knows the present one, or by whoever is at the server's command line.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::UserKind;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::registry::context::RegistryContext;
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::browser::Browser;
use crate::sign_in::events::Deed;
use crate::sign_in::new_password::{SecondFactor, judge_new_password, judged, store_password};
use crate::sign_in::password_hash::hash_password;
use crate::sign_in::present_password::check_present_password;
use crate::sign_in::second_factors::{change_account, require_fresh};
use crate::sign_in::session::{NewSession, SignedIn};
use crate::sign_in::start_session::{Start, start_session};
use crate::snapshot::look_up::LookUp;

/// What somebody who is signed in sent.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// Where.
    pub issuer: Slug,
    /// The present password; not needed by who has none, or signed in with a passkey a moment ago.
    pub present: Option<PlaintextSecret>,
    /// The new one.
    pub new: PlaintextSecret,
    /// With what.
    pub browser: Browser,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// Changes the person's password. Everything that was begun under the former one ends, with this session; the browser
/// goes on in a new one.
pub fn change_password(
    authority: &Authority,
    signed_in: &SignedIn,
    command: &ChangePassword,
) -> AccountResult<NewSession> {
    let ChangePassword { issuer, present, new, browser, request_id } = command;
    let SignedIn { session, user } = signed_in;
    let (stored, has_totp) = authority.store.read(|reads| {
        let stored = reads.find_password(user.instance_id, user.id)?;
        Ok((stored, reads.find_totp(user.instance_id, user.id)?.is_some()))
    })?;
    match (&stored, present) {
        (Some(stored), Some(present)) => check_present_password(authority, session, stored, present)?,
        (Some(_), None) if !signed_in_with_passkey(signed_in) => {
            return Err(AccountDenial::PasswordNeeded.into());
        }
        (Some(_), None) | (None, _) => require_fresh(authority, session)?,
    }
    let second_factor = if has_totp { SecondFactor::Totp } else { SecondFactor::None };
    let normalised = judge_new_password(authority, issuer, user, second_factor, new)?;
    let hashed = hash_password(authority, &normalised)?;
    let now = authority.now();
    let actor = Actor::User(user.id);
    let deed = Deed { authority, instance_id: user.instance_id, actor, request_id: *request_id };
    change_account(authority, signed_in, *request_id, "password.change", |writes| {
        // Somebody else may have changed it since.
        if writes.find_password(user.instance_id, user.id)? != stored {
            return Ok(Err(AccountDenial::Expired));
        }
        let user = writes.find_user(user.instance_id, user.id)?;
        let user = user.ok_or(Fault::Overtaken)?;
        store_password(writes, &user, &hashed, deed, now)?;
        Ok(Ok(()))
    })?;
    // Read after the change, so that the new session is above its mark.
    let sequence = authority.in_step(LookUp::Anywhere)?;
    let authentication = match present {
        Some(_) if stored.is_some() => again_with_password(&session.authentication, now),
        Some(_) | None => session.authentication.clone(),
    };
    let start = Start {
        issuer,
        instance_id: user.instance_id,
        user_id: user.id,
        authentication,
        sequence,
        browser,
        request_id: *request_id,
    };
    Ok(start_session(authority, &start, |_, _| Ok(true))?.ok_or(AccountDenial::NotFound)?)
}

/// Sets the password of a user; for who is at the server's command line, and operators.
pub fn set_password_of(
    context: &RegistryContext<'_>,
    name: &UserName,
    password: &PlaintextSecret,
) -> AccountResult<()> {
    const ACTION: &str = "user.set_password";
    let permitted = context.audited(ACTION, None, context.require_operator());
    permitted.map_err(|failure| failure.map(AccountDenial::Registry))?;
    let authority = context.authority;
    let (user, has_totp, instance) = authority.store.read(|reads| {
        let user = reads.find_user_by_name(context.instance_id, name)?;
        let has_totp = match &user {
            Some(user) => reads.find_totp(user.instance_id, user.id)?.is_some(),
            None => false,
        };
        Ok((user, has_totp, reads.find_instance(context.instance_id)?))
    })?;
    let (user, instance) = user.zip(instance).ok_or(AccountDenial::NotFound)?;
    if user.kind == UserKind::System {
        return Err(AccountDenial::UserCannotSignIn.into());
    }
    let second_factor = if has_totp { SecondFactor::Totp } else { SecondFactor::None };
    let normalised = judged(&instance.name, &user, second_factor, password).map_err(AccountDenial::from)?;
    let hashed = hash_password(authority, &normalised)?;
    let stored = mutate(context, ACTION, Some(user.id.to_string()), |change| {
        let user = change.writes.find_user(user.instance_id, user.id)?.ok_or(RegistryDenial::NotFound)?;
        let ended = store_password(change.writes, &user, &hashed, Deed::of(context), change.now)?;
        Ok(Done::of(user.id, ()).set("sessions_ended", ended.sessions).set("grants_revoked", ended.grants))
    });
    stored.map_err(|failure| failure.map(AccountDenial::Registry))
}

fn signed_in_with_passkey(signed_in: &SignedIn) -> bool {
    signed_in.session.authentication.methods().any(|method| method == AuthenticationMethod::Passkey)
}

/// The password was given again; a second factor of the session was not, and counts as it did.
fn again_with_password(before: &Authentication, now: turnkeep_domain::time::Timestamp) -> Authentication {
    let second = before.methods().find(|method| *method != AuthenticationMethod::Password);
    match second {
        Some(_) => before.clone(),
        None => Authentication::by(AuthenticationMethod::Password, now),
    }
}
