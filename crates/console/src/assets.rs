//! The style sheet and the scripts of the pages, each under a name that follows from its content, so that
//! browsers may keep them for ever.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// The file name with a hash of the content: `turnkeep.0123456789abcdef.css`.
    pub name: String,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub body: &'static [u8],
}

/// The style sheet of all pages.
pub(crate) static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::css("turnkeep", include_bytes!("../assets/turnkeep.css")));

/// What the dashboard has besides.
pub(crate) static DASHBOARD_STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::css("dashboard", include_bytes!("../assets/dashboard.css")));

/// The script that shows times in the reader's zone.
pub(crate) static TIMES_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("times", include_bytes!("../assets/times.js")));

/// The script that signs in with a passkey and adds one.
pub(crate) static PASSKEYS_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("passkeys", include_bytes!("../assets/passkeys.js")));

/// The script behind the buttons that copy.
pub(crate) static COPY_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("copy", include_bytes!("../assets/copy.js")));

/// The script that checks a new app's name and domains while they are typed.
pub(crate) static NEW_APP_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("new-app", include_bytes!("../assets/new-app.js")));

/// The script that asks before somebody leaves a secret behind.
pub(crate) static LEAVE_GUARD_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("leave-guard", include_bytes!("../assets/leave-guard.js")));

/// The script that keeps charts up to date.
pub(crate) static LIVE_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("live", include_bytes!("../assets/live.js")));

/// The script that keeps whoever types signed in, and says it before a session ends.
pub(crate) static SESSION_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("session", include_bytes!("../assets/session.js")));

/// The script that submits the form of the form_post response mode.
pub(crate) static SUBMIT_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("submit", include_bytes!("../assets/submit.js")));

/// Every asset.
#[must_use]
pub fn all() -> [&'static Asset; 10] {
    [
        &STYLESHEET,
        &DASHBOARD_STYLESHEET,
        &TIMES_SCRIPT,
        &PASSKEYS_SCRIPT,
        &COPY_SCRIPT,
        &SUBMIT_SCRIPT,
        &NEW_APP_SCRIPT,
        &LEAVE_GUARD_SCRIPT,
        &LIVE_SCRIPT,
        &SESSION_SCRIPT,
    ]
}

/// The asset of this name, hash included, if there is one.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    all().into_iter().find(|asset| asset.name == name)
}

impl Asset {
    fn css(stem: &str, body: &'static [u8]) -> Self {
        Self { name: hashed_name(stem, "css", body), content_type: "text/css; charset=utf-8", body }
    }

    fn js(stem: &str, body: &'static [u8]) -> Self {
        Self { name: hashed_name(stem, "js", body), content_type: "text/javascript; charset=utf-8", body }
    }
}

/// Eight bytes of SHA-256 tell versions of a file apart; nothing is proved by them.
fn hashed_name(stem: &str, extension: &str, body: &[u8]) -> String {
    let digest = HEXLOWER.encode(&Sha256::digest(body));
    let short: String = digest.chars().take(16).collect();
    format!("{stem}.{short}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::{all, find, hashed_name};

    #[test]
    fn the_name_of_an_asset_changes_with_its_content() {
        for asset in all() {
            let (stem, extension) = (asset.name.split('.').next(), asset.name.rsplit('.').next());
            let (stem, extension) = (stem.unwrap(), extension.unwrap());
            assert_eq!(hashed_name(stem, extension, asset.body), asset.name);

            let mut changed = asset.body.to_vec();
            changed.push(b' ');
            assert_ne!(hashed_name(stem, extension, &changed), asset.name);
        }
    }

    #[test]
    fn an_asset_is_found_by_its_whole_name_only() {
        for asset in all() {
            assert!(std::ptr::eq(find(&asset.name).unwrap(), asset));
        }
        for absent in ["", "turnkeep.css", "turnkeep.0000000000000000.css", "../turnkeep.css"] {
            assert!(find(absent).is_none(), "{absent}");
        }
    }
}
