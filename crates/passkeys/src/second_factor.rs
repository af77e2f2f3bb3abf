//! A passkey after a password: the user is known, and asked for one of their own.

use webauthn_rs::prelude::PublicKeyCredential;
use webauthn_rs_proto::AllowCredentials;

use crate::denial::PasskeyDenial;
use crate::pending::{OptionsJson, PendingSecondFactor};
use crate::registration::{BeginError, MAX_PASSKEYS};
use crate::relying_party::RelyingParty;
use crate::response;
use crate::sign_in::SignInOutcome;
use crate::stored_passkey::StoredPasskey;

impl RelyingParty {
    /// Asks for one of the passkeys of a user; those of others among `stored` are not asked for.
    pub fn begin_second_factor(
        &self,
        user_id: [u8; 16],
        stored: &[StoredPasskey],
    ) -> Result<(OptionsJson, PendingSecondFactor), BeginError> {
        if MAX_PASSKEYS < stored.len() {
            return Err(BeginError::TooMany);
        }
        let own = stored.iter().filter(|passkey| passkey.user_id == user_id);
        let allowed: Vec<_> = own.map(allow).collect();
        if allowed.is_empty() {
            return Err(BeginError::NoPasskey);
        }
        let (json, challenge_hash, state) = self.ask(allowed)?;
        Ok((json, PendingSecondFactor { expects_user: user_id, challenge_hash, state }))
    }

    /// Checks the response against those passkeys of the user that are stored by now: one that was removed meanwhile
    /// does not count.
    pub fn finish_second_factor(
        &self,
        pending: PendingSecondFactor,
        response_json: &str,
        stored: &[StoredPasskey],
    ) -> Result<SignInOutcome, PasskeyDenial> {
        let PendingSecondFactor { expects_user, challenge_hash: _, state } = pending;
        let response: PublicKeyCredential = response::parse(response_json)?;
        let used = stored
            .iter()
            .find(|passkey| passkey.credential_id() == response.get_credential_id())
            .ok_or(PasskeyDenial::UnknownCredential)?;
        // Authenticators may leave the user out where the credential was asked for by its id (§6.3.3).
        let named = response.get_user_unique_id();
        if used.user_id != expects_user || named.is_some_and(|named| named != expects_user) {
            return Err(PasskeyDenial::OtherUser);
        }
        self.check(&response, state, used)
    }
}

fn allow(stored: &StoredPasskey) -> AllowCredentials {
    AllowCredentials {
        type_: "public-key".to_owned(),
        id: stored.passkey.cred_id().clone(),
        transports: None,
    }
}
