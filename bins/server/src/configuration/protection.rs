//! The settings by which a server protects itself: rate limits and the resource guard.

use std::path::PathBuf;

use turnkeep_domain::token_requests::{QuotaMode, TokenRequestLimits};
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::rate_limits::settings::{LimitMode, RateLimitSettings};
use turnkeep_guard::resource::thresholds::GuardThresholds;

use super::{Layers, parse_path};

/// Every setting of this kind.
pub(super) const KEYS: [&str; 10] = [
    "rate_limits",
    "rate_limit_token",
    "rate_limit_introspection",
    "rate_limit_revocation",
    "rate_limit_sign_in",
    "rate_limit_management",
    "token_quota",
    "token_quota_mode",
    "guard_thresholds",
    "guard_recording",
];

/// How a server protects itself.
#[derive(Debug, Clone)]
pub(crate) struct ProtectionConfiguration {
    /// How many requests may come.
    pub(crate) rate_limits: RateLimitSettings,
    /// How many tokens an app may have if its plan says nothing.
    pub(crate) token_quota: TokenRequestLimits,
    /// When the node is under load.
    pub(crate) thresholds: GuardThresholds,
    /// Where samples of the node are recorded.
    pub(crate) recording: Option<PathBuf>,
}

impl ProtectionConfiguration {
    pub(super) fn from_layers(layers: &Layers) -> anyhow::Result<Self> {
        let mut rate_limits = RateLimitSettings::default();
        rate_limits.mode = layers.parse("rate_limits", "enforce", LimitMode::parse)?;
        for endpoint in Endpoint::ALL {
            layers.parse(key_of(endpoint), "", |text| match text {
                "" => Ok(()),
                text => rate_limits.set(endpoint, text),
            })?;
        }
        let mode = layers.parse("token_quota_mode", "enforce", parse_quota_mode)?;
        let token_quota =
            layers.parse("token_quota", "none", |text| TokenRequestLimits::parse(text, mode))?;
        let mut thresholds = GuardThresholds::default();
        layers.parse("guard_thresholds", "", |text| match text {
            "" => Ok(()),
            text => thresholds.set(text),
        })?;
        let recording = match layers.has("guard_recording") {
            true => Some(layers.parse("guard_recording", "", parse_path)?),
            false => None,
        };
        Ok(Self { rate_limits, token_quota, thresholds, recording })
    }
}

fn parse_quota_mode(text: &str) -> Result<QuotaMode, &'static str> {
    match text {
        "enforce" => Ok(QuotaMode::Enforced),
        "dry-run" => Ok(QuotaMode::DryRun),
        _ => Err("must be `enforce` or `dry-run`"),
    }
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
