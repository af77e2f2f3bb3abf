//! Browsers that somebody has signed in with before. Each has a text that says so, which only this server can make:
//! guesses from anywhere else never count against them.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use turnkeep_domain::id::UserId;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::Fault;

/// How long a browser is known after the last time.
pub const DEVICE_LIFETIME: Duration = Duration::from_secs(365 * 86_400);

const PURPOSE: &str = "device";

/// What the text says: who, and with which browser.
#[derive(Serialize, Deserialize)]
struct Device {
    user: String,
    browser: String,
}

/// What the browser is known by, if the text says that this user signed in with it.
pub(crate) fn known_device(
    authority: &Authority,
    issuer: &Slug,
    user_id: UserId,
    text: &str,
) -> Result<Option<String>, Fault> {
    let device = authority.open_state::<Device>(PURPOSE, issuer, text)?;
    Ok(device.filter(|device| device.user == user_id.to_string()).map(|device| device.browser))
}

/// The text for a browser that a user has signed in with; it keeps what it is known by.
pub(crate) fn device_text(
    authority: &Authority,
    issuer: &Slug,
    user_id: UserId,
    known_by: Option<String>,
) -> Result<PlaintextSecret, Fault> {
    let browser = known_by.unwrap_or_else(|| BASE64URL_NOPAD.encode(&authority.random_bytes::<16>()));
    let device = Device { user: user_id.to_string(), browser };
    authority.seal_state(PURPOSE, issuer, &device, DEVICE_LIFETIME).map(PlaintextSecret::new)
}
