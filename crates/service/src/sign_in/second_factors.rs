//! Setting up and taking away the authenticator app with its recovery codes. Only for those who signed in a moment ago.

use std::time::Duration;

use data_encoding::BASE64_NOPAD;
use serde::{Deserialize, Serialize};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::session::Session;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::credential::StoredTotp;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::single_use::SingleUse;
use turnkeep_storage::store::Writes;
use zeroize::Zeroizing;

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::handle_hash;
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::events::Deed;
use crate::sign_in::new_password::{SecondFactor, judge_new_password};
use crate::sign_in::present_password::check_present_password;
use crate::sign_in::recovery_codes::make_recovery_codes;
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::session::{SignedIn, is_fresh, still_signed_in};
use crate::sign_in::throttle::Guess;
use crate::sign_in::totp::{TotpSecret, matching_step, otpauth_uri, qr_svg, seal_totp, typed_secret};
use crate::snapshot::look_up::LookUp;
use crate::transaction;

/// How long setting it up may take.
pub const TOTP_SETUP_LIFETIME: Duration = Duration::from_secs(900);

const PURPOSE: &str = "totp-setup";

/// What the page shows that sets up an authenticator app. Nothing is stored yet.
#[derive(Debug)]
pub struct TotpSetup {
    /// The secret in base32, in groups of four, for typing.
    pub secret: PlaintextSecret,
    /// The URI with the secret, for links on the device that has the app.
    pub uri: PlaintextSecret,
    /// The same as a picture: an SVG element.
    pub qr_svg: PlaintextSecret,
    /// The sealed state, to come back with the first code.
    pub pending: String,
}

/// The secret between its making and the first code. In the sealed text only.
#[derive(Serialize, Deserialize)]
struct Pending {
    user: String,
    secret: Zeroizing<String>,
    /// Whether it may take the place of another one.
    replaces: bool,
}

/// Makes a secret for an authenticator app. To take the place of another one demands what taking that away demands: the
/// password, of who has one.
pub fn begin_totp_setup(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    password: Option<&PlaintextSecret>,
) -> AccountResult<TotpSetup> {
    require_fresh(authority, &signed_in.session)?;
    let user = &signed_in.user;
    let present = authority.store.read(|reads| reads.find_totp(user.instance_id, user.id))?;
    let replaces = present.is_some();
    if replaces {
        demand_password(authority, signed_in, password)?;
    }
    let secret = Zeroizing::new(authority.random_bytes());
    let encoded = Zeroizing::new(BASE64_NOPAD.encode(secret.as_slice()));
    let pending = Pending { user: user.id.to_string(), secret: encoded, replaces };
    let pending = authority.seal_state(PURPOSE, issuer, &pending, TOTP_SETUP_LIFETIME)?;
    shown(authority, issuer, signed_in, &secret, pending)
}

/// Shows the same setup again, after a wrong code.
pub fn show_totp_setup(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    pending: &str,
) -> AccountResult<TotpSetup> {
    let (secret, _) = open_pending(authority, issuer, signed_in, pending)?;
    shown(authority, issuer, signed_in, &secret, pending.to_owned())
}

fn shown(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    secret: &TotpSecret,
    pending: String,
) -> AccountResult<TotpSetup> {
    let found = authority.snapshot.issuer(authority, issuer, LookUp::Anywhere)?;
    let name = found.ok_or(AccountDenial::NotFound)?.catalogue.instance.name.clone();
    let uri = otpauth_uri(name.as_str(), signed_in.user.name.as_str(), secret);
    let qr_svg = qr_svg(&uri).unwrap_or_else(|| PlaintextSecret::new(String::new()));
    Ok(TotpSetup { secret: typed_secret(secret), uri, qr_svg, pending })
}

/// Turns the authenticator app on if this is a code of it, in the place of the one that was there when it was begun, and
/// returns new recovery codes: they are not stored, and never shown again.
pub fn confirm_totp(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    pending: &str,
    code: &PlaintextSecret,
    request_id: Option<RequestId>,
) -> AccountResult<Vec<PlaintextSecret>> {
    const ACTION: &str = "totp.add";
    require_fresh(authority, &signed_in.session)?;
    let (secret, replaces) = open_pending(authority, issuer, signed_in, pending)?;
    let (session, user) = (&signed_in.session, &signed_in.user);
    let guess = Guess::in_session("totp setup", session.instance_id, &session.id.to_string());
    let attempt = authority
        .throttle
        .admit(&guess, authority.clock.since_boot())
        .map_err(|retry_after| AccountDenial::from(SignInRefusal::TooManyAttempts { retry_after }))?;
    let typed = PlaintextSecret::new(code.expose().chars().filter(|c| !c.is_whitespace()).collect());
    let Some(step) = matching_step(&secret, typed.expose(), authority.now()) else {
        attempt.failed();
        return Err(AccountDenial::from(SignInRefusal::WrongCredentials).into());
    };
    attempt.succeeded();
    let stored = StoredTotp {
        sealed_secret: seal_totp(authority, user.instance_id, user.id, &secret)?,
        last_step: Some(step),
        created_at: authority.now(),
    };
    let (codes, hashes) = make_recovery_codes(authority, user.id);
    let setup = SingleUse {
        instance_id: user.instance_id,
        handle_hash: handle_hash(pending),
        expires_at: authority.now().plus(TOTP_SETUP_LIFETIME),
    };
    change_account(authority, signed_in, request_id, ACTION, |writes| {
        if writes.insert_single_use(&setup)? == Inserted::Conflict {
            return Ok(Err(AccountDenial::Expired));
        }
        // Another one may have been set up since.
        if !replaces && writes.find_totp(user.instance_id, user.id)?.is_some() {
            return Ok(Err(AccountDenial::Expired));
        }
        writes.put_totp(user.instance_id, user.id, &stored)?;
        writes.put_recovery_codes(user.instance_id, user.id, &hashes)?;
        Ok(Ok(()))
    })?;
    Ok(codes)
}

/// Takes the authenticator app away, with its recovery codes. A person who has a password has to give it, as it has to
/// be long enough to be the only factor from then on.
pub fn remove_totp(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    password: Option<&PlaintextSecret>,
    request_id: Option<RequestId>,
) -> AccountResult<()> {
    require_fresh(authority, &signed_in.session)?;
    let user = &signed_in.user;
    if let Some(password) = demand_password(authority, signed_in, password)? {
        judge_new_password(authority, issuer, user, SecondFactor::None, password)?;
    }
    change_account(authority, signed_in, request_id, "totp.remove", |writes| {
        if writes.delete_totp(user.instance_id, user.id)? == Updated::Stale {
            return Ok(Err(AccountDenial::NotFound));
        }
        writes.put_recovery_codes(user.instance_id, user.id, &[])?;
        Ok(Ok(()))
    })
}

/// Makes new recovery codes in the place of all others.
pub fn renew_recovery_codes(
    authority: &Authority,
    signed_in: &SignedIn,
    request_id: Option<RequestId>,
) -> AccountResult<Vec<PlaintextSecret>> {
    require_fresh(authority, &signed_in.session)?;
    let user = &signed_in.user;
    let (codes, hashes) = make_recovery_codes(authority, user.id);
    change_account(authority, signed_in, request_id, "recovery_codes.renew", |writes| {
        if writes.find_totp(user.instance_id, user.id)?.is_none() {
            return Ok(Err(AccountDenial::NotFound));
        }
        writes.put_recovery_codes(user.instance_id, user.id, &hashes)?;
        Ok(Ok(()))
    })?;
    Ok(codes)
}

/// The password, which is right; `None` for a person who has none.
fn demand_password<'a>(
    authority: &Authority,
    signed_in: &SignedIn,
    password: Option<&'a PlaintextSecret>,
) -> AccountResult<Option<&'a PlaintextSecret>> {
    let user = &signed_in.user;
    let stored = authority.store.read(|reads| reads.find_password(user.instance_id, user.id))?;
    let Some(stored) = stored else {
        return Ok(None);
    };
    let password = password.ok_or(AccountDenial::PasswordNeeded)?;
    check_present_password(authority, &signed_in.session, &stored, password)?;
    Ok(Some(password))
}

/// The secret, and whether it may take the place of another one.
fn open_pending(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    pending: &str,
) -> AccountResult<(TotpSecret, bool)> {
    let opened = authority.open_state::<Pending>(PURPOSE, issuer, pending)?;
    let own = opened.filter(|opened| opened.user == signed_in.user.id.to_string());
    let own = own.ok_or(AccountDenial::Expired)?;
    let secret = BASE64_NOPAD.decode(own.secret.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    Ok((secret.map(Zeroizing::new).ok_or(AccountDenial::Expired)?, own.replaces))
}

/// Only for those who signed in a moment ago.
pub(crate) fn require_fresh(authority: &Authority, session: &Session) -> AccountResult<()> {
    if is_fresh(session, authority.now()) { Ok(()) } else { Err(AccountDenial::NotFresh.into()) }
}

/// A change that a person makes to their own account, while the session lasts.
pub(crate) fn change_account<T>(
    authority: &Authority,
    signed_in: &SignedIn,
    request_id: Option<RequestId>,
    action: &'static str,
    work: impl FnOnce(&mut dyn Writes) -> Result<Result<T, AccountDenial>, Fault>,
) -> AccountResult<T> {
    let SignedIn { session, user } = signed_in;
    let deed = Deed { authority, instance_id: session.instance_id, actor: Actor::User(user.id), request_id };
    let ended = transaction::mutate(&*authority.store, |writes| {
        if still_signed_in(authority, writes, session)?.is_none() {
            return Ok(Err(AccountDenial::NotFresh));
        }
        let done = work(writes)?;
        if done.is_ok() {
            append_event(authority, writes, &deed.done(action, user.id, Vec::new()))?;
        }
        Ok(done)
    })?;
    if let Err(denial) = &ended {
        deed.note_refusal(action, Some(user.id.to_string()), denial.code());
    }
    Ok(ended?)
}
