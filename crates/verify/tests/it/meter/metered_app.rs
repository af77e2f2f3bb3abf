//! Tokens of apps with limits, a clock that is set, and journals as a crash leaves them.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_token::jwks::JwkSet;
use turnkeep_verify::access_token::{AccessTokenVerifier, VerifiedAccessToken};
use turnkeep_verify::gate::clock::Clock;
use turnkeep_verify::key_set::KeySet;
use turnkeep_verify::meter::UsageMeter;
use turnkeep_verify::meter::refusal::MeterRefusal;
use turnkeep_verify::meter::settings::MeterSettings;

use super::usage_authority::UsageAuthority;
use crate::signing::{NOW, SigningKey, claims};

static KEY: LazyLock<(SigningKey, KeySet)> = LazyLock::new(|| {
    let key = SigningKey::new(1);
    let keys = KeySet::from_jwks(JwkSet::new([key.public()]).as_json().as_bytes()).unwrap();
    (key, keys)
});

/// Shows whatever it was set to; at first [`NOW`].
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn set(&self, now: i64) {
        self.0.store(now, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn clock() -> Arc<SetClock> {
    Arc::new(SetClock(AtomicI64::new(NOW)))
}

pub(crate) fn app_id(number: u16) -> AppId {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    AppId::from_bytes(bytes)
}

/// A token of an app, with this `limits` claim unless it is null.
pub(crate) fn token(number: u16, limits: Value) -> VerifiedAccessToken {
    let mut claims = claims("https://id.example.com");
    let members = claims.as_object_mut().unwrap();
    members.insert("app_id".to_owned(), json!(app_id(number).to_string()));
    if !limits.is_null() {
        members.insert("limits".to_owned(), limits);
    }
    let token = KEY.0.sign("at+jwt", &claims);
    let verifier = AccessTokenVerifier::new("https://id.example.com");
    verifier.verify(&KEY.1, &token, Timestamp::from_secs(NOW)).unwrap()
}

pub(crate) fn units_per_hour(number: u16, units: u64) -> VerifiedAccessToken {
    token(number, json!({"plan": "pro", "document_units": {"hour": units}}))
}

/// Reports only when it is told to, by the clock that is given.
pub(crate) fn on_demand(clock: &Arc<SetClock>) -> MeterSettings {
    let clock = Arc::clone(clock);
    MeterSettings { report_every: Duration::from_hours(1), clock, ..MeterSettings::default() }
}

pub(crate) fn open(folder: &TempDir, settings: MeterSettings, authority: &UsageAuthority) -> UsageMeter {
    UsageMeter::open(folder.path(), settings, authority.reporter()).unwrap()
}

/// What a process that ended right now would leave behind, while it goes on.
pub(crate) fn after_a_crash(folder: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_files(folder.path(), copy.path());
    copy
}

pub(crate) fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match std::fs::copy(entry.path(), to.join(entry.file_name())) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            copied => assert!(copied.is_ok(), "{copied:?}"),
        }
    }
}

/// The limit in the way of a take, if there is one.
pub(crate) fn limit_in_the_way(
    meter: &UsageMeter,
    token: &VerifiedAccessToken,
    units: u64,
) -> Option<&'static str> {
    match meter.take(token, units) {
        Ok(_) => None,
        Err(MeterRefusal::QuotaExceeded { standing, .. }) => Some(standing.window.policy()),
        Err(refusal) => panic!("{refusal:?}"),
    }
}
