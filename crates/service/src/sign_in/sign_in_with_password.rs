//! Signing in with a password.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::{InstanceId, RequestId};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::credential::StoredPassword;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::sign_in::browser::Browser;
use crate::sign_in::events::Deed;
use crate::sign_in::guess_count::{PasswordVerdict, judge_password_guess};
use crate::sign_in::password_hash::{NormalisedPassword, Standing, hash_password};
use crate::sign_in::pending_sign_in::PendingSignIn;
use crate::sign_in::person::{Person, name_key};
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::session::{NewSession, instance_of};
use crate::sign_in::start_session::{Start, start_session};
use crate::sign_in::throttle::Guess;
use crate::snapshot::look_up::LookUp;
use crate::transaction;

/// What a sign-in is called in the audit trail when it is refused.
pub(super) const ACTION: &str = "session.begin";

/// What somebody sent.
#[derive(Debug, Clone)]
pub struct PasswordSignIn {
    /// Where.
    pub issuer: Slug,
    /// A user name or an e-mail address.
    pub user_name: String,
    /// The password.
    pub password: PlaintextSecret,
    /// With what.
    pub browser: Browser,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// How it goes on.
#[derive(Debug)]
pub enum PasswordOutcome {
    /// The person is signed in.
    SignedIn(NewSession),
    /// The password is right, and the person has to prove a second factor.
    SecondFactorNeeded(PendingSignIn),
}

/// Signs somebody in, or asks for the second factor. Users who are unknown, disabled, system users or without a
/// password are refused like those whose password is wrong, after the same work.
pub fn sign_in_with_password(
    authority: &Authority,
    command: &PasswordSignIn,
) -> Result<PasswordOutcome, Failure<SignInRefusal>> {
    let sequence = authority.in_step(LookUp::Anywhere)?;
    let PasswordSignIn { issuer, user_name, password, browser, request_id } = command;
    let instance_id = instance_of(authority, issuer)?.ok_or(SignInRefusal::WrongCredentials)?;
    let person = authority.store.read(|reads| Person::find(reads, instance_id, user_name))?;
    let known_by = match &person.user {
        Some(user) => browser.known_by(authority, issuer, user.id)?,
        None => None,
    };
    let deed = Deed { authority, instance_id, actor: Actor::Anonymous, request_id: *request_id };
    let object = person.user.as_ref().map(|user| user.id.to_string());
    let guess =
        Guess::of("password", instance_id, known_by.as_deref(), browser.address, &name_key(user_name));
    let attempt = match authority.throttle.admit(&guess, authority.clock.since_boot()) {
        Ok(attempt) => attempt,
        Err(retry_after) => {
            deed.note_refusal(ACTION, object, "too_many_attempts");
            return Err(SignInRefusal::TooManyAttempts { retry_after }.into());
        }
    };
    let normalised = NormalisedPassword::new(password);
    let standing = Standing::known_by(known_by.as_deref());
    let guessed = (user_name.as_str(), &person);
    let verdict = judge_password_guess(authority, instance_id, standing, guessed, normalised.as_ref())?;
    let judged = judge(&person, verdict, sequence);
    let (Ok(user), Some(stored), Some(normalised)) = (&judged, &person.password, &normalised) else {
        attempt.failed();
        deed.note_refusal(ACTION, object, judged.err().unwrap_or("wrong_password"));
        return Err(SignInRefusal::WrongCredentials.into());
    };
    attempt.succeeded();
    improve_hash(authority, user, stored, normalised);
    go_on(authority, command, instance_id, user, person.has_totp, sequence)
}

/// The person, or the cause for the audit trail alone.
fn judge(person: &Person, verdict: PasswordVerdict, sequence: ChangeSequence) -> Result<&User, &'static str> {
    let user = person.user.as_ref().ok_or("unknown_user")?;
    match (user.kind, user.state) {
        (UserKind::System, _) => return Err("system_user"),
        (_, UserState::Disabled) => return Err("user_disabled"),
        (UserKind::Internal | UserKind::Community, UserState::Active) => {}
    }
    match verdict {
        _ if person.password.is_none() => Err("no_password"),
        PasswordVerdict::Wrong => Err("wrong_password"),
        PasswordVerdict::Exhausted => Err("too_many_failures"),
        // Something was killed while the password was looked at.
        PasswordVerdict::Right if sequence < user.tokens_dead_below => Err("overtaken"),
        PasswordVerdict::Right => Ok(user),
    }
}

fn go_on(
    authority: &Authority,
    command: &PasswordSignIn,
    instance_id: InstanceId,
    user: &User,
    has_totp: bool,
    sequence: ChangeSequence,
) -> Result<PasswordOutcome, Failure<SignInRefusal>> {
    let now = authority.now();
    if has_totp {
        return Ok(PasswordOutcome::SecondFactorNeeded(PendingSignIn::new(user.id, sequence, now)));
    }
    let start = Start {
        issuer: &command.issuer,
        instance_id,
        user_id: user.id,
        authentication: Authentication::by(AuthenticationMethod::Password, now),
        sequence,
        browser: &command.browser,
        request_id: command.request_id,
    };
    // An authenticator app may have been set up since.
    let begun =
        start_session(authority, &start, |admits, _| Ok(admits.find_totp(instance_id, user.id)?.is_none()))?;
    Ok(PasswordOutcome::SignedIn(begun.ok_or(SignInRefusal::WrongCredentials)?))
}

/// Hashes a password that was right anew where its hash has other parameters than hashes have now. That it could not be
/// done is no reason to refuse it.
fn improve_hash(authority: &Authority, user: &User, stored: &StoredPassword, password: &NormalisedPassword) {
    if stored.hash.params() == authority.settings.password_scrypt {
        return;
    }
    let improved = hash_password(authority, password).and_then(|made| {
        let made = StoredPassword { changed_at: stored.changed_at, ..made };
        transaction::mutate(&*authority.store, |writes| {
            // Somebody may have chosen another one since.
            if writes.find_password(user.instance_id, user.id)?.as_ref() == Some(stored) {
                writes.put_password(user.instance_id, user.id, &made)?;
            }
            Ok::<_, Fault>(())
        })
    });
    if let Err(error) = improved {
        tracing::warn!(user.id = %user.id, error = %error, "the hash of a password could not be improved");
    }
}
