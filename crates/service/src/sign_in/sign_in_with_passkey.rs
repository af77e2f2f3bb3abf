//! Signing in with a passkey: no user name, no password, two factors in one. There is nothing to guess, so nothing is
//! throttled but by address.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::id::{InstanceId, RequestId, UserId};
use turnkeep_domain::slug::Slug;
use turnkeep_passkeys::pending::PendingSignIn;
use turnkeep_passkeys::sign_in::identify;
use turnkeep_passkeys::stored_passkey::StoredPasskey;
use turnkeep_storage::credential::StoredPasskeyRecord;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::single_use::SingleUse;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::browser::Browser;
use crate::sign_in::events::Deed;
use crate::sign_in::guess_count::forgive_all_guesses;
use crate::sign_in::passkeys::{CEREMONY_LIFETIME, PasskeyCeremony, relying_party, unreadable};
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::session::{NewSession, instance_of};
use crate::sign_in::sign_in_with_password::ACTION;
use crate::sign_in::start_session::{Start, start_session};
use crate::snapshot::look_up::LookUp;

const PURPOSE: &str = "passkey-sign-in";

/// What a browser sent.
#[derive(Debug, Clone)]
pub struct PasskeySignIn {
    /// Where.
    pub issuer: Slug,
    /// The sealed state of the ceremony.
    pub pending: String,
    /// The response of `navigator.credentials.get`, as JSON.
    pub response_json: String,
    /// With what.
    pub browser: Browser,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// Asks for a passkey of whomever.
pub fn begin_passkey_sign_in(authority: &Authority, issuer: &Slug) -> AccountResult<PasskeyCeremony> {
    let begun = relying_party(authority)?.begin_sign_in();
    let (options, pending) = begun.map_err(|_| AccountDenial::PasskeysUnavailable)?;
    let pending = authority.seal_state(PURPOSE, issuer, &pending.to_text(), CEREMONY_LIFETIME)?;
    Ok(PasskeyCeremony { options_json: options.into_string(), pending })
}

/// Signs the owner of the passkey in. Each ceremony counts once.
pub fn sign_in_with_passkey(
    authority: &Authority,
    command: &PasskeySignIn,
) -> Result<NewSession, Failure<SignInRefusal>> {
    let sequence = authority.in_step(LookUp::Anywhere)?;
    let PasskeySignIn { issuer, browser, request_id, .. } = command;
    let instance_id = instance_of(authority, issuer)?.ok_or(SignInRefusal::WrongCredentials)?;
    let deed = Deed { authority, instance_id, actor: Actor::Anonymous, request_id: *request_id };
    let proven = match prove(authority, instance_id, command)? {
        Ok(proven) => proven,
        Err(code) => {
            deed.note_refusal(ACTION, None, code);
            return Err(SignInRefusal::WrongCredentials.into());
        }
    };
    let (user_id, now) = (proven.record.user_id, authority.now());
    let start = Start {
        issuer,
        instance_id,
        user_id,
        authentication: Authentication::by(AuthenticationMethod::Passkey, now),
        sequence,
        browser,
        request_id: *request_id,
    };
    let begun = start_session(authority, &start, |admits, at| {
        if admits.insert_single_use(&proven.challenge)? == Inserted::Conflict {
            return Ok(false);
        }
        // It may have been used or removed since it was looked at.
        let present = admits.find_passkey(instance_id, &proven.record.credential_id)?;
        if present.is_none_or(|present| present.passkey != proven.record.passkey) {
            return Ok(false);
        }
        let used = admits.use_passkey(instance_id, proven.record.id, &proven.updated, at)?;
        if used == Updated::Updated {
            forgive_all_guesses(admits, instance_id, user_id)?;
        }
        Ok(used == Updated::Updated)
    })?;
    if begun.is_none() {
        deed.note_refusal(ACTION, Some(user_id.to_string()), "passkey_not_usable");
    }
    Ok(begun.ok_or(SignInRefusal::WrongCredentials)?)
}

/// A response that is right, if nobody else presented it.
struct Proven {
    record: StoredPasskeyRecord,
    /// What to store of it from now on.
    updated: String,
    challenge: SingleUse,
}

/// Checks the response, or says why it does not count, for the audit trail alone.
fn prove(
    authority: &Authority,
    instance_id: InstanceId,
    command: &PasskeySignIn,
) -> Result<Result<Proven, &'static str>, Fault> {
    let Ok(relying_party) = relying_party(authority) else {
        return Ok(Err("passkeys_unavailable"));
    };
    let text = authority.open_state::<String>(PURPOSE, &command.issuer, &command.pending)?;
    let Some(pending) = text.and_then(|text| PendingSignIn::parse(&text).ok()) else {
        return Ok(Err("ceremony_expired"));
    };
    let Ok(identified) = identify(&command.response_json) else {
        return Ok(Err("passkey_refused"));
    };
    let found = authority.store.read(|reads| reads.find_passkey(instance_id, &identified.credential_id))?;
    let owner = UserId::from_bytes(identified.user_id);
    let Some(record) = found.filter(|record| record.user_id == owner) else {
        return Ok(Err("unknown_passkey"));
    };
    let stored = StoredPasskey::parse(&record.passkey).map_err(|_| unreadable())?;
    let challenge = SingleUse {
        instance_id,
        handle_hash: pending.challenge_hash(),
        expires_at: authority.now().plus(CEREMONY_LIFETIME),
    };
    Ok(match relying_party.finish_sign_in(pending, &command.response_json, &stored) {
        Ok(outcome) => {
            let updated = outcome.updated.map_or_else(|| record.passkey.clone(), |updated| updated.to_text());
            Ok(Proven { record, updated, challenge })
        }
        Err(denial) => {
            tracing::info!(denial = %denial, "a passkey was refused");
            Err("passkey_refused")
        }
    })
}
