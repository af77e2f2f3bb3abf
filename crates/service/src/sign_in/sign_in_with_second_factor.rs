//! The second factor after a password: a code of an authenticator app, or a recovery code.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::id::{InstanceId, RequestId, UserId};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::credential::StoredTotp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::guess_count::{GuessSubject, GuessedCredential};
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::Admits;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::sign_in::browser::Browser;
use crate::sign_in::events::Deed;
use crate::sign_in::guess_count::count_guess;
use crate::sign_in::password_hash::Standing;
use crate::sign_in::pending_sign_in::{PENDING_LIFETIME, PendingSignIn};
use crate::sign_in::recovery_codes::recovery_code_hash;
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::session::{NewSession, instance_of};
use crate::sign_in::sign_in_with_password::ACTION;
use crate::sign_in::start_session::{Start, start_session};
use crate::sign_in::throttle::Guess;
use crate::sign_in::totp::{matching_step, open_totp};
use crate::snapshot::look_up::LookUp;

/// The longest code that is looked at, in bytes.
const MAX_CODE_BYTES: usize = 100;

/// What somebody sent.
#[derive(Debug, Clone)]
pub struct SecondFactorSignIn {
    /// Where.
    pub issuer: Slug,
    /// Who, as the first factor said; the caller has unsealed it.
    pub pending: PendingSignIn,
    /// The code.
    pub code: PlaintextSecret,
    /// With what.
    pub browser: Browser,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// Signs somebody in who has proven the first factor. Each code works once.
pub fn sign_in_with_second_factor(
    authority: &Authority,
    command: &SecondFactorSignIn,
) -> Result<NewSession, Failure<SignInRefusal>> {
    authority.in_step(LookUp::Anywhere)?;
    let SecondFactorSignIn { issuer, pending, browser, request_id, .. } = command;
    let instance_id = instance_of(authority, issuer)?.ok_or(SignInRefusal::WrongCredentials)?;
    let user_id = pending.user_id().ok_or(SignInRefusal::WrongCredentials)?;
    if PENDING_LIFETIME <= authority.now().since(pending.at()) {
        return Err(SignInRefusal::WrongCredentials.into());
    }
    let deed = Deed { authority, instance_id, actor: Actor::Anonymous, request_id: *request_id };
    let known_by = browser.known_by(authority, issuer, user_id)?;
    let name = user_id.to_string();
    let guess = Guess::of("second factor", instance_id, known_by.as_deref(), browser.address, &name);
    let attempt = match authority.throttle.admit(&guess, authority.clock.since_boot()) {
        Ok(attempt) => attempt,
        Err(retry_after) => {
            deed.note_refusal(ACTION, Some(name), "too_many_attempts");
            return Err(SignInRefusal::TooManyAttempts { retry_after }.into());
        }
    };
    let subject = GuessSubject { instance_id, user_id, credential: GuessedCredential::SecondFactor };
    let counted = count_guess(authority, Standing::known_by(known_by.as_deref()), subject)?;
    // Beyond the bound nothing is used up.
    let begun = if counted.counts() { try_code(authority, command, &subject) } else { Ok(None) };
    let begun = match begun {
        Ok(begun) => begun,
        Err(fault) => {
            counted.was_none();
            return Err(fault.into());
        }
    };
    match begun {
        Some(session) => {
            attempt.succeeded();
            Ok(session)
        }
        None => {
            attempt.failed();
            deed.note_refusal(ACTION, Some(name), "wrong_second_factor");
            Err(SignInRefusal::WrongCredentials.into())
        }
    }
}

/// The session, if the code is right; the row of failures ends with it.
fn try_code(
    authority: &Authority,
    command: &SecondFactorSignIn,
    subject: &GuessSubject,
) -> Result<Option<NewSession>, Fault> {
    let SecondFactorSignIn { issuer, pending, code, browser, request_id } = command;
    let GuessSubject { instance_id, user_id, .. } = *subject;
    let now = authority.now();
    let Some(proof) = Proof::of(authority, instance_id, user_id, code.expose(), now)? else {
        return Ok(None);
    };
    let first = Authentication::by(AuthenticationMethod::Password, pending.at());
    let start = Start {
        issuer,
        instance_id,
        user_id,
        authentication: first.and(proof.method(), now),
        sequence: pending.sequence(),
        browser,
        request_id: *request_id,
    };
    start_session(authority, &start, |admits, at| {
        let is_right = proof.use_up(admits, instance_id, user_id, at)?;
        if is_right {
            admits.forgive_guesses(subject)?;
        }
        Ok(is_right)
    })
}

/// What a code may prove, if it is not used up.
enum Proof {
    Totp { stored: StoredTotp, step: i64 },
    Recovery { hash: [u8; 32] },
}

impl Proof {
    fn of(
        authority: &Authority,
        instance_id: InstanceId,
        user_id: UserId,
        typed: &str,
        now: Timestamp,
    ) -> Result<Option<Self>, Fault> {
        if MAX_CODE_BYTES < typed.len() {
            return Ok(None);
        }
        let code = PlaintextSecret::new(typed.chars().filter(|c| !c.is_whitespace()).collect());
        let is_totp = code.expose().len() == 6 && code.expose().bytes().all(|b| b.is_ascii_digit());
        if !is_totp {
            return Ok(Some(Self::Recovery { hash: recovery_code_hash(user_id, code.expose()) }));
        }
        let Some(stored) = authority.store.read(|reads| reads.find_totp(instance_id, user_id))? else {
            return Ok(None);
        };
        let secret = open_totp(authority, instance_id, user_id, &stored)?;
        let step = matching_step(&secret, code.expose(), now);
        Ok(step.map(|step| Self::Totp { stored, step }))
    }

    const fn method(&self) -> AuthenticationMethod {
        match self {
            Self::Totp { .. } => AuthenticationMethod::Totp,
            Self::Recovery { .. } => AuthenticationMethod::RecoveryCode,
        }
    }

    /// Whether it was good for this once.
    fn use_up(
        &self,
        admits: &mut dyn Admits,
        instance_id: InstanceId,
        user_id: UserId,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let used = match self {
            Self::Totp { stored, step } => {
                // It may have been set up anew since the code was looked at.
                let present = admits.find_totp(instance_id, user_id)?;
                if present.is_none_or(|present| present.sealed_secret != stored.sealed_secret) {
                    return Ok(false);
                }
                admits.use_totp_step(instance_id, user_id, *step)?
            }
            Self::Recovery { hash } => admits.use_recovery_code(instance_id, user_id, hash, at)?,
        };
        Ok(used == Updated::Updated)
    }
}
