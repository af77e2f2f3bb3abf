//! The settings by which a server protects itself: rate limits and the resource guard.

use std::fmt;
use std::path::PathBuf;

use anyhow::bail;
use turnkeep_domain::token_requests::{QuotaMode, TokenRequestLimits};
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::failure_guard::FailureGuardSettings;
use turnkeep_guard::rate_limits::settings::{LimitMode, RateLimitSettings};
use turnkeep_guard::resource::run_queue::RunQueueSettings;
use turnkeep_guard::resource::thresholds::GuardThresholds;
use turnkeep_shared_limits::settings::SharedLimitsSettings;

use super::{Layers, parse_path};

/// Every setting of this kind.
pub(super) const KEYS: [&str; 15] = [
    "rate_limits",
    "rate_limit_token",
    "rate_limit_introspection",
    "rate_limit_revocation",
    "rate_limit_sign_in",
    "rate_limit_management",
    "rate_limit_failures",
    "token_quota",
    "token_quota_mode",
    "shared_limits",
    "shared_limits_file",
    "shared_limits_ca_file",
    "guard_thresholds",
    "guard_queue",
    "guard_recording",
];

/// How a server protects itself.
#[derive(Debug, Clone)]
pub(crate) struct ProtectionConfiguration {
    /// How many requests may come.
    pub(crate) rate_limits: RateLimitSettings,
    /// How many failed authentications are let pass.
    pub(crate) failures: FailureGuardSettings,
    /// How many tokens an app may have if its plan says nothing.
    pub(crate) token_quota: TokenRequestLimits,
    /// Where the nodes of a cluster count requests together.
    pub(crate) shared_limits: Option<SharedLimitsSettings>,
    /// When the node is under load.
    pub(crate) thresholds: GuardThresholds,
    /// When a thread that serves is overrun.
    pub(crate) queue: RunQueueSettings,
    /// Where samples of the node are recorded.
    pub(crate) recording: Option<PathBuf>,
}

impl ProtectionConfiguration {
    pub(super) fn from_layers(layers: &Layers) -> anyhow::Result<Self> {
        let mut rate_limits = RateLimitSettings::default();
        rate_limits.mode = layers.parse("rate_limits", "enforce", LimitMode::parse)?;
        for endpoint in Endpoint::ALL {
            change(layers, key_of(endpoint), |text| rate_limits.set(endpoint, text))?;
        }
        let mode = layers.parse("token_quota_mode", "enforce", parse_quota_mode)?;
        let token_quota =
            layers.parse("token_quota", "none", |text| TokenRequestLimits::parse(text, mode))?;
        let mut thresholds = GuardThresholds::default();
        change(layers, "guard_thresholds", |text| thresholds.set(text))?;
        let mut queue = RunQueueSettings::default();
        change(layers, "guard_queue", |text| queue.set(text))?;
        let mut failures = FailureGuardSettings::default();
        change(layers, "rate_limit_failures", |text| failures.set(text))?;
        let recording = match layers.has("guard_recording") {
            true => Some(layers.parse("guard_recording", "", parse_recording)?),
            false => None,
        };
        let shared_limits = shared_limits(layers)?;
        Ok(Self { rate_limits, failures, token_quota, shared_limits, thresholds, queue, recording })
    }
}

/// Changes a default by what a setting says, if it says anything.
fn change<E: fmt::Display>(
    layers: &Layers,
    key: &'static str,
    set: impl FnOnce(&str) -> Result<(), E>,
) -> anyhow::Result<()> {
    layers.parse(key, "", |text| if text.is_empty() { Ok(()) } else { set(text) })
}

fn parse_quota_mode(text: &str) -> Result<QuotaMode, &'static str> {
    match text {
        "enforce" => Ok(QuotaMode::Enforced),
        "dry-run" => Ok(QuotaMode::DryRun),
        _ => Err("must be `enforce` or `dry-run`"),
    }
}

/// A file that can be appended to: what cannot be recorded is to be noticed at the start.
fn parse_recording(text: &str) -> Result<PathBuf, String> {
    let path = parse_path(text)?;
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    opened.map(|_| path).map_err(|error| format!("cannot be written: {}", error.kind()))
}

/// The URL may hold a password, so it can be in a file of its own instead.
fn shared_limits(layers: &Layers) -> anyhow::Result<Option<SharedLimitsSettings>> {
    let mut settings = match (layers.has("shared_limits"), layers.has("shared_limits_file")) {
        (true, true) => bail!("shared_limits and shared_limits_file: only one of them can be set"),
        (true, false) => layers.parse("shared_limits", "", SharedLimitsSettings::parse)?,
        (false, true) => layers.parse("shared_limits_file", "", |path| {
            let url = std::fs::read_to_string(path).map_err(|error| error.kind().to_string())?;
            SharedLimitsSettings::parse(url.trim()).map_err(|error| error.to_string())
        })?,
        (false, false) => return Ok(None),
    };
    if layers.has("shared_limits_ca_file") {
        let read = |path: &str| std::fs::read(path).map_err(|error| error.kind().to_string());
        settings.trusted_roots = Some(layers.parse("shared_limits_ca_file", "", read)?);
    }
    Ok(Some(settings))
}

const fn key_of(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Token => "rate_limit_token",
        Endpoint::Introspection => "rate_limit_introspection",
        Endpoint::Revocation => "rate_limit_revocation",
        Endpoint::SignIn => "rate_limit_sign_in",
        Endpoint::Management => "rate_limit_management",
    }
}
