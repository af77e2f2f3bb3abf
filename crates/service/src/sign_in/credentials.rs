//! What a person signs in with, without anything secret of it.

use turnkeep_domain::id::PasskeyId;
use turnkeep_domain::time::Timestamp;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::sign_in::session::SignedIn;

/// What somebody can sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Since when the password is what it is, if there is one.
    pub password_since: Option<Timestamp>,
    /// Since when there is an authenticator app.
    pub totp_since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
    /// The passkeys, in the order of creation.
    pub passkeys: Vec<PasskeyView>,
}

/// A passkey as its owner knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyView {
    /// Identifier.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// What the person can sign in with.
pub fn list_credentials(authority: &Authority, signed_in: &SignedIn) -> Result<Credentials, Fault> {
    let (instance_id, user_id) = (signed_in.user.instance_id, signed_in.user.id);
    let credentials = authority.store.read(|reads| {
        let passkeys = reads.list_passkeys(instance_id, user_id)?.into_iter().map(|stored| PasskeyView {
            id: stored.id,
            name: stored.name,
            created_at: stored.created_at,
            last_used_at: stored.last_used_at,
        });
        Ok(Credentials {
            passkeys: passkeys.collect(),
            password_since: reads.find_password(instance_id, user_id)?.map(|stored| stored.changed_at),
            totp_since: reads.find_totp(instance_id, user_id)?.map(|stored| stored.created_at),
            recovery_codes_left: reads.count_recovery_codes(instance_id, user_id)?,
        })
    })?;
    Ok(credentials)
}
