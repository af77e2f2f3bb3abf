//! Is this the client it says it is? The one place where secrets are checked.

use std::sync::Arc;

use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::Authentication;
use turnkeep_secret::digest::{QuickCheck, SecretDigest, SecretRecord, quick_check};
use turnkeep_secret::generated::{GeneratedForm, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::secret::StoredSecret;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::tokens::presented_client::PresentedClient;
use crate::tokens::registration::RegisteredApp;

/// Checks the presented secret against every live one of the app.
///
/// An unknown client, or one without a live secret, costs the same keyed MAC as a wrong secret. A digest that the
/// MAC cannot decide (imported, or under a lost master key) goes through the bounded slow path and is replaced by
/// a better one at success.
pub(crate) fn check_client(
    authority: &Authority,
    registered: Option<&RegisteredApp>,
    client: &PresentedClient,
    now: Timestamp,
) -> Result<Authentication, Fault> {
    let Some(presented) = &client.secret else {
        return Ok(Authentication::Failed);
    };
    let Some(registered) = registered else {
        check_decoy(authority, presented);
        return Ok(Authentication::Failed);
    };
    // A dead secret is not looked at: it could only cost a slow hash, and there may be any number of them.
    let mut live =
        registered.secrets.iter().filter(|stored| stored.secret.state(now) == SecretState::Live).peekable();
    if live.peek().is_none() {
        check_decoy(authority, presented);
    }
    for stored in live {
        if matches_secret(authority, stored, presented)? {
            let app_id = registered.app.id;
            authority.books.note_use(SecretUse { secret_id: stored.secret.id, app_id, at: now });
            return Ok(Authentication::Verified);
        }
    }
    Ok(Authentication::Failed)
}

fn check_decoy(authority: &Authority, presented: &PlaintextSecret) {
    let decoy = authority.mac_keys.decoy();
    let _ = authority.mac_keys.check(&[0; 16], presented.expose(), &decoy);
}

fn matches_secret(
    authority: &Authority,
    stored: &StoredSecret,
    presented: &PlaintextSecret,
) -> Result<bool, Fault> {
    let owner = stored.secret.app_id;
    match quick_check(presented.expose(), owner.as_bytes(), &stored.digest, &authority.mac_keys) {
        QuickCheck::Match { stale: false } => Ok(true),
        QuickCheck::Match { stale: true } => {
            improve_digest(authority, stored, presented);
            Ok(true)
        }
        QuickCheck::Mismatch => Ok(false),
        QuickCheck::NeedsRecord => {
            let record = &stored.digest.record;
            let matches = match record {
                // A typing error is known from its checksum; it need not cost a slow hash.
                SecretRecord::Scrypt(_) if check_form(presented.expose()) == GeneratedForm::Mistyped => false,
                SecretRecord::Scrypt(_) | SecretRecord::Foreign(_) => {
                    let (record, presented) = (record.clone(), presented.clone());
                    authority.hashing.run(move || record.verify(presented.expose()))?
                }
                SecretRecord::ImportedSha256(_) => record.verify(presented.expose()),
            };
            if matches {
                improve_digest(authority, stored, presented);
            }
            Ok(matches)
        }
    }
}

/// Replaces an imported hash by scrypt with our parameters, and a missing or outdated MAC by one under the current
/// key. The secret was right: that its digest stays as it is, for lack of time or a database, is no reason to refuse
/// it.
fn improve_digest(authority: &Authority, stored: &StoredSecret, presented: &PlaintextSecret) {
    let owner = stored.secret.app_id;
    let improved = better_digest(authority, stored, presented).and_then(|digest| {
        let replacing = &stored.digest.record;
        let id = stored.secret.id;
        Ok(authority.store.keep_books(|books| books.replace_secret_digest(owner, id, replacing, &digest))?)
    });
    if let Err(error) = improved {
        tracing::warn!(app.id = %owner, error = %error, "a secret digest could not be improved");
    }
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

/// Makes the stored form of a secret, within the bound on hashing.
pub(crate) fn make_digest(
    authority: &Authority,
    secret: &PlaintextSecret,
    owner: &[u8; 16],
) -> Result<SecretDigest, Fault> {
    let params = authority.settings.client_secret_scrypt;
    let salt = authority.random_bytes();
    let (mac_keys, secret, owner) = (Arc::clone(&authority.mac_keys), secret.clone(), *owner);
    let made = authority.hashing.run(move || SecretDigest::make(&secret, &owner, &mac_keys, params, salt))?;
    Ok(made?)
}
