//! Is this the client it says it is? The one place where secrets are checked.

use std::net::IpAddr;

use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::id::SecretId;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::Authentication;
use turnkeep_secret::digest::{QuickCheck, SecretDigest, SecretRecord, quick_check};
use turnkeep_secret::generated::{GeneratedForm, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::secret::StoredSecret;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::make_digest::make_digest;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::look_up::{LookUp, Missing};
use crate::tokens::client_guesses::{ClientGuess, begin_client_guess};
use crate::tokens::presented_client::PresentedClient;

/// How a client authenticated, and by which secret.
pub(crate) struct CheckedClient {
    pub(crate) authentication: Authentication,
    pub(crate) secret_id: Option<SecretId>,
}

impl CheckedClient {
    const FAILED: Self = Self { authentication: Authentication::Failed, secret_id: None };

    /// Notes that the secret was used.
    pub(crate) fn note_use(&self, authority: &Authority, app: &CachedApp, now: Timestamp) {
        if let Some(secret_id) = self.secret_id
            && app.should_note_use(secret_id, now)
        {
            authority.books.note_use(SecretUse { secret_id, app_id: app.live.app.id, at: now });
        }
    }
}

/// Checks the presented secret against every live one of the app.
///
/// An unknown client, or one without a live secret, costs the same keyed MAC as a wrong secret. A digest that the
/// MAC cannot decide (imported, or under a lost master key) goes through the bounded slow path and is replaced by
/// a better one at success. One that could have been guessed is not looked at after too many failures from elsewhere than
/// where the app is known.
pub(crate) fn check_client(
    authority: &Authority,
    app: Option<&CachedApp>,
    (client, address): (&PresentedClient, Option<IpAddr>),
    now: Timestamp,
    look_up: LookUp,
) -> Result<CheckedClient, Fault> {
    let Some(presented) = &client.secret else {
        return Ok(CheckedClient::FAILED);
    };
    let Some(app) = app else {
        check_decoy(authority, presented);
        return Ok(CheckedClient::FAILED);
    };
    let guess = begin_client_guess(authority, &app.live.app, presented, address);
    if matches!(guess, ClientGuess::Refused) {
        check_decoy(authority, presented);
        return Ok(CheckedClient::FAILED);
    }
    // A dead secret is not looked at: it could only cost a slow hash, and there may be any number of them.
    let mut live =
        app.live.secrets.iter().filter(|stored| stored.secret.state(now) == SecretState::Live).peekable();
    if live.peek().is_none() {
        check_decoy(authority, presented);
    }
    for stored in live {
        if matches_secret(authority, app, stored, presented, look_up)? {
            guess.was_right(authority);
            let secret_id = Some(stored.secret.id);
            return Ok(CheckedClient { authentication: Authentication::Verified, secret_id });
        }
    }
    guess.was_wrong();
    Ok(CheckedClient::FAILED)
}

fn check_decoy(authority: &Authority, presented: &PlaintextSecret) {
    let decoy = authority.mac_keys.decoy();
    let _ = authority.mac_keys.check(&[0; 16], presented.expose(), &decoy);
}

fn matches_secret(
    authority: &Authority,
    app: &CachedApp,
    stored: &StoredSecret,
    presented: &PlaintextSecret,
    look_up: LookUp,
) -> Result<bool, Fault> {
    let owner = stored.secret.app_id;
    match quick_check(presented.expose(), owner.as_bytes(), &stored.digest, &authority.mac_keys) {
        QuickCheck::Match { stale: false } => Ok(true),
        // Every other one goes on at once.
        QuickCheck::Match { stale: true } if !app.should_try_digest() => Ok(true),
        QuickCheck::Mismatch => Ok(false),
        QuickCheck::Match { stale: true } | QuickCheck::NeedsRecord if look_up == LookUp::InMemory => {
            Err(Fault::NotInMemory(Missing::SlowHash))
        }
        QuickCheck::Match { stale: true } => {
            improve_digest(authority, app, stored, presented);
            Ok(true)
        }
        QuickCheck::NeedsRecord => matches_slowly(authority, app, stored, presented),
    }
}

/// Another node may have made a better digest since: a look costs much less than a hash.
fn matches_slowly(
    authority: &Authority,
    app: &CachedApp,
    cached: &StoredSecret,
    presented: &PlaintextSecret,
) -> Result<bool, Fault> {
    let owner = cached.secret.app_id;
    let secrets = authority.store.read(|reads| reads.list_secrets(app.live.app.tenant_id, owner))?;
    let Some(stored) = secrets.iter().find(|stored| stored.secret.id == cached.secret.id) else {
        return Err(Fault::Overtaken);
    };
    if stored.digest != cached.digest {
        authority.snapshot.forget_app(app);
    }
    match quick_check(presented.expose(), owner.as_bytes(), &stored.digest, &authority.mac_keys) {
        QuickCheck::Match { .. } => Ok(true),
        QuickCheck::Mismatch => Ok(false),
        QuickCheck::NeedsRecord => {
            let matches = matches_record(authority, &stored.digest.record, presented)?;
            if matches {
                improve_digest(authority, app, stored, presented);
            }
            Ok(matches)
        }
    }
}

fn matches_record(
    authority: &Authority,
    record: &SecretRecord,
    presented: &PlaintextSecret,
) -> Result<bool, Fault> {
    match record {
        // A typing error is known from its checksum; it need not cost a slow hash.
        SecretRecord::Scrypt(_) if check_form(presented.expose()) == GeneratedForm::Mistyped => Ok(false),
        SecretRecord::Scrypt(_) | SecretRecord::Foreign(_) => {
            let (record, presented) = (record.clone(), presented.clone());
            authority.hashing.run(move || record.verify(presented.expose()))
        }
        SecretRecord::ImportedSha256(_) => Ok(record.verify(presented.expose())),
    }
}

/// Replaces an imported hash by scrypt with our parameters, and a missing or outdated MAC by one under the current
/// key. The secret was right: that its digest stays as it is, for lack of time or a database, is no reason to refuse
/// it.
fn improve_digest(
    authority: &Authority,
    app: &CachedApp,
    stored: &StoredSecret,
    presented: &PlaintextSecret,
) {
    let owner = stored.secret.app_id;
    let improved = better_digest(authority, stored, presented).and_then(|digest| {
        let replacing = &stored.digest.record;
        let id = stored.secret.id;
        Ok(authority.store.keep_books(|books| books.replace_secret_digest(owner, id, replacing, &digest))?)
    });
    if let Err(error) = improved {
        tracing::warn!(app.id = %owner, error = %error, "a secret digest could not be improved");
    }
    // No change of the registry, so that nothing else would have it read again.
    authority.snapshot.forget_app(app);
}

fn better_digest(
    authority: &Authority,
    stored: &StoredSecret,
    presented: &PlaintextSecret,
) -> Result<SecretDigest, Fault> {
    let owner = stored.secret.app_id;
    let record = &stored.digest.record;
    if !record.is_current(authority.settings.client_secret_scrypt) {
        return make_digest(authority, presented, owner.as_bytes());
    }
    let mac = authority.mac_keys.tag(owner.as_bytes(), presented.expose());
    Ok(SecretDigest { record: record.clone(), mac: Some(mac) })
}
