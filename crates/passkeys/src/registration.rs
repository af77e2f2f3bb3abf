//! Registering a passkey (WebAuthn Level 3 §7.1): always discoverable, so that it signs in without a user name, and
//! always with user verification, so that it is two factors in one. Attestation is not asked for: who made the
//! authenticator is not our business.

use webauthn_rs::prelude::{CreationChallengeResponse, RegisterPublicKeyCredential, Uuid};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::denial::PasskeyDenial;
use crate::pending::{OptionsJson, PendingRegistration, hash};
use crate::relying_party::RelyingParty;
use crate::response;
use crate::stored_passkey::StoredPasskey;

/// The most passkeys of a person; who has them has to remove one first.
pub const MAX_PASSKEYS: usize = 20;

/// The longest credential id (WebAuthn Level 3 §4), in bytes.
pub const MAX_CREDENTIAL_ID_BYTES: usize = 1023;

/// Why a ceremony cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BeginError {
    /// There are [`MAX_PASSKEYS`] already.
    #[error("a person has at most {MAX_PASSKEYS} passkeys")]
    TooMany,
    /// A name of the user is empty, or the options cannot be written: our fault.
    #[error("the options of the ceremony cannot be made")]
    Options,
}

impl RelyingParty {
    /// Begins the registration of a passkey for a user. `user_id` comes back at each sign-in and is stored in
    /// the authenticator, as are the names, for the person to recognise; `existing` are the passkeys that the
    /// user has: an authenticator does not make a second one.
    pub fn begin_registration(
        &self,
        user_id: [u8; 16],
        user_name: &str,
        display_name: &str,
        existing: &[StoredPasskey],
    ) -> Result<(OptionsJson, PendingRegistration), BeginError> {
        if MAX_PASSKEYS <= existing.len() {
            return Err(BeginError::TooMany);
        }
        let excluded = existing.iter().map(|stored| stored.passkey.cred_id().clone()).collect();
        let (mut options, state) = self
            .webauthn
            .start_passkey_registration(Uuid::from_bytes(user_id), user_name, display_name, Some(excluded))
            .map_err(|_| BeginError::Options)?;
        require_discoverable(&mut options);
        let challenge_hash = hash(&options.public_key.challenge);
        let json = serde_json::to_string(&options).map_err(|_| BeginError::Options)?;
        Ok((OptionsJson(json), PendingRegistration { registers_for: user_id, challenge_hash, state }))
    }

    /// Checks what the authenticator made. Whether the credential's id is in use by anybody is left to the
    /// caller, as is consuming the challenge.
    pub fn finish_registration(
        &self,
        pending: PendingRegistration,
        response_json: &str,
    ) -> Result<StoredPasskey, PasskeyDenial> {
        let PendingRegistration { registers_for, challenge_hash: _, state } = pending;
        let response: RegisterPublicKeyCredential = response::parse(response_json)?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(&response, &state)
            .map_err(|error| PasskeyDenial::from_library(&error))?;
        if MAX_CREDENTIAL_ID_BYTES < passkey.cred_id().len() {
            return Err(PasskeyDenial::Malformed);
        }
        Ok(StoredPasskey { user_id: registers_for, passkey })
    }
}

/// The library discourages what takes room on security keys; without it nobody could sign in without a user name.
fn require_discoverable(options: &mut CreationChallengeResponse) {
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.require_resident_key = true;
        selection.resident_key = Some(ResidentKeyRequirement::Required);
    }
}
