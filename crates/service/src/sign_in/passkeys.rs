//! Adding, naming and removing passkeys. Only for those who signed in a moment ago.

use std::time::Duration;

use turnkeep_domain::id::{PasskeyId, RequestId};
use turnkeep_domain::slug::Slug;
use turnkeep_passkeys::pending::PendingRegistration;
use turnkeep_passkeys::registration::BeginError;
use turnkeep_passkeys::relying_party::RelyingParty;
use turnkeep_passkeys::stored_passkey::StoredPasskey;
use turnkeep_storage::credential::StoredPasskeyRecord;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::single_use::SingleUse;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::second_factors::{change_account, require_fresh};
use crate::sign_in::session::SignedIn;

/// How long a ceremony may take.
pub const CEREMONY_LIFETIME: Duration = Duration::from_secs(600);

/// The longest name of a passkey, in characters; what is longer is cut.
pub const MAX_PASSKEY_NAME: usize = 100;

const PURPOSE: &str = "passkey-registration";

/// What the browser needs for a ceremony.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyCeremony {
    /// JSON for `navigator.credentials`; no secret.
    pub options_json: String,
    /// The sealed state, to come back with the browser's response.
    pub pending: String,
}

/// Begins to add a passkey.
pub fn begin_passkey_registration(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
) -> AccountResult<PasskeyCeremony> {
    require_fresh(authority, &signed_in.session)?;
    let user = &signed_in.user;
    let records = authority.store.read(|reads| reads.list_passkeys(user.instance_id, user.id))?;
    // What cannot be read any more needs no exclusion.
    let existing: Vec<StoredPasskey> =
        records.iter().filter_map(|record| StoredPasskey::parse(&record.passkey).ok()).collect();
    let begun = relying_party(authority)?.begin_registration(
        *user.id.as_bytes(),
        user.name.as_str(),
        user.display_name.as_str(),
        &existing,
    );
    let (options, pending) = begun.map_err(|error| match error {
        BeginError::TooMany => AccountDenial::TooManyPasskeys,
        BeginError::Options => AccountDenial::PasskeysUnavailable,
    })?;
    let pending = authority.seal_state(PURPOSE, issuer, &pending.to_text(), CEREMONY_LIFETIME)?;
    Ok(PasskeyCeremony { options_json: options.into_string(), pending })
}

/// Adds the passkey that the browser made.
pub fn finish_passkey_registration(
    authority: &Authority,
    issuer: &Slug,
    signed_in: &SignedIn,
    pending: &str,
    response_json: &str,
    name: &str,
    request_id: Option<RequestId>,
) -> AccountResult<PasskeyId> {
    require_fresh(authority, &signed_in.session)?;
    let user = &signed_in.user;
    let text = authority.open_state::<String>(PURPOSE, issuer, pending)?.ok_or(AccountDenial::Expired)?;
    let begun = PendingRegistration::parse(&text).map_err(|_| AccountDenial::Expired)?;
    if begun.user_id() != *user.id.as_bytes() {
        return Err(AccountDenial::Expired.into());
    }
    let now = authority.now();
    let challenge = SingleUse {
        instance_id: user.instance_id,
        handle_hash: begun.challenge_hash(),
        expires_at: now.plus(CEREMONY_LIFETIME),
    };
    let made = relying_party(authority)?.finish_registration(begun, response_json);
    let made = made.map_err(AccountDenial::from)?;
    let record = StoredPasskeyRecord {
        id: PasskeyId::new(now, authority.random_bytes()),
        instance_id: user.instance_id,
        user_id: user.id,
        credential_id: made.credential_id().to_vec(),
        name: passkey_name(name),
        passkey: made.to_text(),
        created_at: now,
        last_used_at: None,
    };
    change_account(authority, signed_in, request_id, "passkey.add", |writes| {
        if writes.insert_single_use(&challenge)? == Inserted::Conflict {
            return Ok(Err(AccountDenial::Expired));
        }
        // Two ceremonies at once may each have seen room.
        let count = writes.list_passkeys(user.instance_id, user.id)?.len();
        if turnkeep_passkeys::registration::MAX_PASSKEYS <= count {
            return Ok(Err(AccountDenial::TooManyPasskeys));
        }
        Ok(match writes.insert_passkey(&record)? {
            Inserted::Inserted => Ok(record.id),
            Inserted::Conflict => Err(AccountDenial::PasskeyKnown),
        })
    })
}

/// Removes a passkey: it signs nobody in any more. Sessions that it began go on.
pub fn remove_passkey(
    authority: &Authority,
    signed_in: &SignedIn,
    id: PasskeyId,
    request_id: Option<RequestId>,
) -> AccountResult<()> {
    require_fresh(authority, &signed_in.session)?;
    let user = &signed_in.user;
    change_account(authority, signed_in, request_id, "passkey.remove", |writes| {
        Ok(match writes.delete_passkey(user.instance_id, user.id, id)? {
            Updated::Updated => Ok(()),
            Updated::Stale => Err(AccountDenial::NotFound),
        })
    })
}

/// Whether passkeys can be had under the server's address.
pub fn are_passkeys_available(authority: &Authority) -> bool {
    relying_party(authority).is_ok()
}

/// The server as passkeys know it; made when it is needed first.
pub(crate) fn relying_party(authority: &Authority) -> Result<&RelyingParty, AccountDenial> {
    let made = authority.relying_party.get_or_init(|| {
        let made = RelyingParty::new(authority.base_url.as_str(), "Turnkeep");
        if let Err(error) = &made {
            tracing::info!(error = %error, "there are no passkeys under this base URL");
        }
        made.ok()
    });
    made.as_ref().ok_or(AccountDenial::PasskeysUnavailable)
}

fn passkey_name(typed: &str) -> String {
    let name: String = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_PASSKEY_NAME).collect();
    if name.is_empty() { "Passkey".to_owned() } else { name }
}

/// A passkey that this server stored and cannot read.
pub(crate) fn unreadable() -> Fault {
    Fault::Store(turnkeep_storage::error::StoreError::Corrupt { table: "passkeys", column: "passkey" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_bounded() {
        assert_eq!(passkey_name("  my \r\n phone\u{7} "), "my phone");
        assert_eq!(passkey_name(" \t "), "Passkey");
        assert_eq!(passkey_name(&"é".repeat(200)).chars().count(), MAX_PASSKEY_NAME);
    }
}
