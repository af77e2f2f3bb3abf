//! What browsers send, read within bounds.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::denial::PasskeyDenial;
use crate::sign_in::MAX_RESPONSE_BYTES;

pub(crate) fn parse<T: DeserializeOwned>(response_json: &str) -> Result<T, PasskeyDenial> {
    if MAX_RESPONSE_BYTES < response_json.len() {
        return Err(PasskeyDenial::TooLarge);
    }
    serde_json::from_str(response_json).map_err(|_| PasskeyDenial::Malformed)
}

/// What the browser says about where the ceremony took place, as far as the library leaves it unread.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Refuses what was made in a frame of another site's page: ours are never framed. The library looks at registrations
/// only (WebAuthn Level 3 §7.1 step 9, §7.2 step 14).
pub(crate) fn refuse_frames(client_data_json: &[u8]) -> Result<(), PasskeyDenial> {
    let data: ClientData = serde_json::from_slice(client_data_json).map_err(|_| PasskeyDenial::Malformed)?;
    if data.cross_origin { Err(PasskeyDenial::CrossOrigin) } else { Ok(()) }
}
