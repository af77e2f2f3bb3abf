//! Signing in without a user name: the authenticator says who it is for (WebAuthn Level 3 §7.2, discoverable
//! credentials). It always verifies the person, so this is two factors in one.

use webauthn_rs::prelude::{AuthenticationResult, PublicKeyCredential, RequestChallengeResponse};

use crate::denial::PasskeyDenial;
use crate::pending::{OptionsJson, PendingSignIn, hash};
use crate::registration::BeginError;
use crate::relying_party::RelyingParty;
use crate::response;
use crate::stored_passkey::StoredPasskey;

/// The largest response of a browser that is looked at, in bytes. They have about 1 KiB.
pub const MAX_RESPONSE_BYTES: usize = 16 * 1024;

/// Who a response says that it is from. Nothing of it is proven: it tells which passkey to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// The user.
    pub user_id: [u8; 16],
    /// The passkey, at most 1,023 bytes where it is one of ours.
    pub credential_id: Vec<u8>,
}

/// A passkey was proven, and the person verified by its authenticator.
#[derive(Debug, Clone)]
pub struct SignInOutcome {
    /// What to store in place of the passkey, as its counter or flags moved. Two sign-ins at once with the same
    /// authenticator are told apart only by writing it before the sign-in counts.
    pub updated: Option<StoredPasskey>,
}

/// Reads whom to look up for a response to [`RelyingParty::begin_sign_in`].
pub fn identify(response_json: &str) -> Result<Identified, PasskeyDenial> {
    let response: PublicKeyCredential = response::parse(response_json)?;
    let user_handle = response.get_user_unique_id().ok_or(PasskeyDenial::Malformed)?;
    let user_id = user_handle.try_into().map_err(|_| PasskeyDenial::Malformed)?;
    Ok(Identified { user_id, credential_id: response.get_credential_id().to_vec() })
}

impl RelyingParty {
    /// Begins a sign-in of somebody unknown: any passkey will do.
    pub fn begin_sign_in(&self) -> Result<(OptionsJson, PendingSignIn), BeginError> {
        let (mut options, state): (RequestChallengeResponse, _) =
            self.webauthn.start_discoverable_authentication().map_err(|_| BeginError::Options)?;
        // A button asks for the passkey; the library thinks of the browser's suggestions in a text field only.
        options.mediation = None;
        options.public_key.extensions = None;
        let challenge_hash = hash(&options.public_key.challenge);
        let json = serde_json::to_string(&options).map_err(|_| BeginError::Options)?;
        Ok((OptionsJson(json), PendingSignIn { challenge_hash, state }))
    }

    /// Checks the response against the passkey that [`identify`] led to: user, frame, challenge, origin, relying party,
    /// user verification, signature and counter, in that order. Whether its owner may sign in is the caller's to decide,
    /// as is consuming the challenge.
    pub fn finish_sign_in(
        &self,
        pending: PendingSignIn,
        response_json: &str,
        stored: &StoredPasskey,
    ) -> Result<SignInOutcome, PasskeyDenial> {
        let response: PublicKeyCredential = response::parse(response_json)?;
        if response.get_user_unique_id() != Some(stored.user_id.as_slice()) {
            return Err(PasskeyDenial::OtherUser);
        }
        response::refuse_frames(&response.response.client_data_json)?;
        let result = self
            .webauthn
            .finish_discoverable_authentication_v2(&response, pending.state, &stored.passkey)
            .map_err(|error| PasskeyDenial::from_library(&error))?;
        // The library holds this already; what the whole sign-in rests on is worth a second look.
        if !result.user_verified() {
            return Err(PasskeyDenial::UserNotVerified);
        }
        Ok(SignInOutcome { updated: updated(stored, &result) })
    }
}

fn updated(stored: &StoredPasskey, result: &AuthenticationResult) -> Option<StoredPasskey> {
    let mut passkey = stored.passkey.clone();
    passkey.update_credential(result)?.then_some(StoredPasskey { user_id: stored.user_id, passkey })
}
