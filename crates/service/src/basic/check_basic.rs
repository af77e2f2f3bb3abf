//! A user name and a password that came with a request. The user, the password's record and the app are looked at every
//! time; only the hash is not made again while the same password was right a moment ago. Who may not come in whatever the
//! password is costs as much and is counted as somebody with a wrong one, and learns nothing about it.

use std::fmt;
use std::net::IpAddr;

use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AuditEventId, RequestId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_basic_authentication::{
    BasicDenial, BasicFacts, decide_basic_app, decide_basic_authentication,
};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::live_app::LiveApp;

use crate::authority::Authority;
use crate::basic::basic_memory::Known;
use crate::failure::{Failure, Fault};
use crate::sign_in::guess_count::{PasswordVerdict, judge_password_guess};
use crate::sign_in::password_hash::{NormalisedPassword, Standing};
use crate::sign_in::person::{Person, name_key};
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::throttle::Guess;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::registration::Registration;

const ACTION: &str = "basic.use";

/// What came with a request.
#[derive(Clone)]
pub struct BasicAttempt {
    /// The instance.
    pub issuer: Slug,
    /// The app, as the configuration of the gateway names it.
    pub client_id: String,
    /// The resource behind the gateway.
    pub audience: Audience,
    /// A user name or an e-mail address.
    pub user_name: String,
    /// The password.
    pub password: PlaintextSecret,
    /// Where it comes from, as far as that can be believed.
    pub address: IpAddr,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
}

impl fmt::Debug for BasicAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicAttempt").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Somebody who may use the app.
#[derive(Debug)]
pub struct BasicUser {
    /// Who.
    pub user: User,
    /// What they may do there.
    pub scopes: ScopeSet,
    /// The app.
    pub app: LiveApp,
}

/// The user, if the app takes such credentials and they are right. Whatever is wrong, the denial is the same.
pub fn check_basic(
    authority: &Authority,
    attempt: &BasicAttempt,
) -> Result<BasicUser, Failure<SignInRefusal>> {
    while_overtaken(LookUp::Anywhere, || check_once(authority, attempt))
}

fn check_once(authority: &Authority, attempt: &BasicAttempt) -> Result<BasicUser, Failure<SignInRefusal>> {
    let anywhere = LookUp::Anywhere;
    // Before anything is read: whatever changes from here on is seen at the end.
    let as_of = authority.in_step(anywhere)?;
    let wrong = || Failure::from(SignInRefusal::WrongCredentials);
    let registration = Registration::of_client(authority, &attempt.issuer, &attempt.client_id, anywhere)?;
    let registration = registration.ok_or_else(wrong)?;
    if let Err(denial) = decide_basic_app(registration.app_facts().as_ref()) {
        // Nobody's password is looked at for an app that does not take any.
        note(authority, &registration, attempt, None, Err(denial.code()));
        return Err(wrong());
    }
    let instance_id = registration.issuer.catalogue.instance.id;
    let person = authority.store.read(|reads| Person::find(reads, instance_id, &attempt.user_name))?;
    let catalogue = &registration.issuer.catalogue;
    let facts = |password_matches| BasicFacts {
        app: registration.app_facts(),
        user: person.user.as_ref(),
        password_matches,
        has_second_factor: person.has_totp,
        scope_request: catalogue.scope_request(None, Some(&attempt.audience)),
    };
    let lets_in = decide_basic_authentication(&facts(true)).is_ok();
    let password_matches = check_password(authority, &registration, attempt, &person, lets_in)?;
    let decided = decide_basic_authentication(&facts(password_matches)).map(|grant| grant.scopes);
    registration.confirm(authority, anywhere)?;
    let is_killed = person
        .user
        .as_ref()
        .is_some_and(|user| authority.follower.kills.is_user_dead(instance_id, user.id, as_of));
    if is_killed || !authority.follower.marks.is_instance_current(as_of, instance_id) {
        return Err(Fault::Overtaken.into());
    }
    match (decided, person.user, registration.app.as_ref()) {
        (Ok(scopes), Some(user), Some(app)) => {
            let now = authority.clock.since_boot();
            if authority.basic_memory.should_record(user.id, app.live.app.id, now) {
                note(authority, &registration, attempt, Some(&user), Ok(()));
            }
            Ok(BasicUser { user, scopes, app: app.live.clone() })
        }
        (decided, user, _) => {
            let code = decided.err().map_or(BasicDenial::WrongCredentials.code(), BasicDenial::code);
            note(authority, &registration, attempt, user.as_ref(), Err(code));
            Err(wrong())
        }
    }
}

/// Whether the password is the person's. A guess counts as everywhere else; one that was right a moment ago is none, and
/// who was right within a day is not held up by the guesses of others. Unless a right one lets the person in, nothing is
/// remembered, and every one counts as wrong.
fn check_password(
    authority: &Authority,
    registration: &Registration,
    attempt: &BasicAttempt,
    person: &Person,
    lets_in: bool,
) -> Result<bool, Failure<SignInRefusal>> {
    let now = authority.clock.since_boot();
    let memory = &authority.basic_memory;
    let normalised = NormalisedPassword::new(&attempt.password);
    let proof = match (&person.user, &person.password, &normalised) {
        (Some(user), Some(stored), Some(password)) if lets_in => {
            Some(memory.proof(user.id, stored.changed_at, attempt.address, password.expose()))
        }
        (_, _, _) => None,
    };
    let known = proof.map_or(Known::Never, |proof| memory.known(&proof, now));
    let known_as = match known {
        Known::Fresh => return Ok(true),
        Known::Stale => proof.map(|proof| proof.name()),
        Known::Never => None,
    };
    let instance_id = registration.issuer.catalogue.instance.id;
    let name = name_key(&attempt.user_name);
    let guess = Guess::of("password", instance_id, known_as.as_deref(), attempt.address, &name);
    let admitted = match authority.throttle.admit(&guess, now) {
        Ok(admitted) => admitted,
        Err(retry_after) => {
            note(authority, registration, attempt, person.user.as_ref(), Err("too_many_attempts"));
            return Err(SignInRefusal::TooManyAttempts { retry_after }.into());
        }
    };
    let standing = Standing::known_by(known_as.as_deref());
    let guessed = (attempt.user_name.as_str(), person);
    let verdict = judge_password_guess(authority, instance_id, standing, guessed, normalised.as_ref())?;
    let matches = verdict == PasswordVerdict::Right;
    match proof {
        Some(proof) if matches => {
            admitted.succeeded();
            memory.remember(proof, now);
        }
        Some(_) | None => admitted.failed(),
    }
    Ok(matches)
}

/// A use, or a refusal with its code, for the audit trail, which nobody waits for.
fn note(
    authority: &Authority,
    registration: &Registration,
    attempt: &BasicAttempt,
    user: Option<&User>,
    outcome: Result<(), &'static str>,
) {
    let now = authority.now();
    let app = registration.app.as_ref().map(|cached| &cached.live.app);
    authority.books.note_event(AuditEvent {
        id: AuditEventId::new(now, authority.random_bytes()),
        instance_id: registration.issuer.catalogue.instance.id,
        tenant_id: app.map(|app| app.tenant_id),
        // Whoever guesses is not the one whose name it is.
        actor: match (outcome, user) {
            (Ok(()), Some(user)) => Actor::User(user.id),
            (Ok(()) | Err(_), _) => Actor::Anonymous,
        },
        action: ACTION,
        object: app.map(|app| app.id.to_string()),
        outcome: match outcome {
            Ok(()) => AuditOutcome::Done { changes: Vec::new() },
            Err(code) => AuditOutcome::Refused { code },
        },
        request_id: attempt.request_id,
        at: now,
    });
}
