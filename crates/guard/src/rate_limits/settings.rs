//! Which limits there are, and what becomes of requests beyond them.

use std::num::NonZeroU32;

use super::per_endpoint::PerEndpoint;
use super::quota::{RateQuota, RateQuotaError};
use crate::endpoint::Endpoint;
use crate::layer::Layer;

/// What becomes of requests beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LimitMode {
    /// Nothing is counted.
    Off,
    /// They are counted and served: to see what a limit would do.
    DryRun,
    /// They are refused.
    #[default]
    Enforced,
}

/// Why a mode is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be `off`, `dry-run` or `enforce`")]
pub struct LimitModeError;

impl LimitMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Off, Self::DryRun, Self::Enforced];

    /// Parses `off`, `dry-run` or `enforce`.
    pub fn parse(text: &str) -> Result<Self, LimitModeError> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(LimitModeError)
    }

    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::DryRun => "dry-run",
            Self::Enforced => "enforce",
        }
    }
}

/// Why the limits of an endpoint are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateLimitSettingsError {
    /// Not a layer.
    #[error("no layer is called {0:?}: there are node, address, client and tenant")]
    UnknownLayer(String),
    /// The same layer twice.
    #[error("the layer {} is named twice", .0.as_str())]
    RepeatedLayer(Layer),
    /// Neither a quota nor `off`.
    #[error("the limit of the layer {} {source}, or `off`", .layer.as_str())]
    Quota {
        /// Of this layer.
        layer: Layer,
        /// Why.
        source: RateQuotaError,
    },
    /// Not of the form `layer=limit`.
    #[error("must be `off`, or entries such as `address=6000/60`, separated by commas")]
    Form,
}

/// The quotas of one endpoint; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct EndpointQuotas {
    node: Option<RateQuota>,
    address: Option<RateQuota>,
    client: Option<RateQuota>,
    tenant: Option<RateQuota>,
}

/// All limits of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimitSettings {
    /// What becomes of requests beyond them.
    pub mode: LimitMode,
    /// How many addresses, clients and tenants are remembered at once, for each endpoint and layer. What does not
    /// fit is forgotten, the least used first.
    pub remembered: usize,
    quotas: PerEndpoint<EndpointQuotas>,
}

impl RateLimitSettings {
    /// The limit of a layer of an endpoint, if there is one.
    pub const fn quota(&self, endpoint: Endpoint, layer: Layer) -> Option<RateQuota> {
        let quotas = self.quotas.of(endpoint);
        match layer {
            Layer::Node => quotas.node,
            Layer::Address => quotas.address,
            Layer::Client => quotas.client,
            Layer::Tenant => quotas.tenant,
        }
    }

    /// Sets limits of an endpoint: `off` for none at all, or entries such as
    /// `address=6000/60, client=600/60, tenant=off`. Layers that are not named keep theirs; after an error all do.
    pub fn set(&mut self, endpoint: Endpoint, text: &str) -> Result<(), RateLimitSettingsError> {
        let mut quotas = *self.quotas.of(endpoint);
        if text.trim() == "off" {
            quotas = EndpointQuotas::default();
        } else {
            let mut named = Vec::new();
            for entry in text.split(',') {
                let (layer, quota) = parse_entry(entry)?;
                if named.contains(&layer) {
                    return Err(RateLimitSettingsError::RepeatedLayer(layer));
                }
                named.push(layer);
                *quotas.of_mut(layer) = quota;
            }
        }
        *self.quotas.of_mut(endpoint) = quotas;
        Ok(())
    }
}

impl Default for RateLimitSettings {
    /// Generous for one party, so that only what is out of all proportion is refused: tokens can be reused until
    /// they expire (seed 000), so an honest client needs one in minutes.
    fn default() -> Self {
        Self { mode: LimitMode::default(), remembered: 65_536, quotas: PerEndpoint::from_fn(default_quotas) }
    }
}

fn default_quotas(endpoint: Endpoint) -> EndpointQuotas {
    let per_minute = |requests| NonZeroU32::new(requests).map(RateQuota::per_minute);
    let (address, client, tenant) = match endpoint {
        Endpoint::Token => (6_000, 600, 3_000),
        // Resource servers ask for each call of their own, all from a few addresses.
        Endpoint::Introspection => (300_000, 300_000, 0),
        Endpoint::Revocation => (1_200, 600, 1_200),
        // People sign in one by one; failures have limits of their own.
        Endpoint::SignIn => (120, 0, 0),
        Endpoint::Management => (6_000, 1_800, 6_000),
    };
    EndpointQuotas {
        node: None,
        address: per_minute(address),
        client: per_minute(client),
        tenant: per_minute(tenant),
    }
}

impl EndpointQuotas {
    const fn of_mut(&mut self, layer: Layer) -> &mut Option<RateQuota> {
        match layer {
            Layer::Node => &mut self.node,
            Layer::Address => &mut self.address,
            Layer::Client => &mut self.client,
            Layer::Tenant => &mut self.tenant,
        }
    }
}

fn parse_entry(entry: &str) -> Result<(Layer, Option<RateQuota>), RateLimitSettingsError> {
    let (name, limit) = entry.split_once('=').ok_or(RateLimitSettingsError::Form)?;
    let (name, limit) = (name.trim(), limit.trim());
    let layer = Layer::ALL
        .into_iter()
        .find(|layer| layer.as_str() == name)
        .ok_or_else(|| RateLimitSettingsError::UnknownLayer(name.chars().take(40).collect()))?;
    if limit == "off" {
        return Ok((layer, None));
    }
    let quota = RateQuota::parse(limit).map_err(|source| RateLimitSettingsError::Quota { layer, source })?;
    Ok((layer, Some(quota)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `node address client tenant` of an endpoint.
    fn limits(settings: &RateLimitSettings, endpoint: Endpoint) -> String {
        let quota = |layer| settings.quota(endpoint, layer);
        Layer::ALL.map(|layer| quota(layer).map_or("off".to_owned(), |quota| quota.to_string())).join(" ")
    }

    #[test]
    fn without_settings_every_endpoint_has_its_limits() {
        let settings = RateLimitSettings::default();
        for (endpoint, expected) in [
            (Endpoint::Token, "off 6000/60 600/60 3000/60"),
            (Endpoint::Introspection, "off 300000/60 300000/60 off"),
            (Endpoint::Revocation, "off 1200/60 600/60 1200/60"),
            (Endpoint::SignIn, "off 120/60 off off"),
            (Endpoint::Management, "off 6000/60 1800/60 6000/60"),
        ] {
            assert_eq!(limits(&settings, endpoint), expected, "{endpoint:?}");
        }
        assert_eq!(settings.mode, LimitMode::Enforced);
    }

    #[test]
    fn what_is_named_is_set_and_the_rest_stays() {
        for (text, expected) in [
            ("address=60/1", "off 60/1 600/60 3000/60"),
            ("tenant=off , node = 100000/1", "100000/1 6000/60 600/60 off"),
            (" off ", "off off off off"),
            ("node=off,address=off,client=1/86400,tenant=2/1", "off off 1/86400 2/1"),
        ] {
            let mut settings = RateLimitSettings::default();
            assert_eq!(settings.set(Endpoint::Token, text), Ok(()));
            assert_eq!(limits(&settings, Endpoint::Token), expected, "{text}");
            let others = RateLimitSettings::default();
            assert_eq!(limits(&settings, Endpoint::Management), limits(&others, Endpoint::Management));
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_named_and_changes_nothing() {
        for (text, expected) in [
            ("adress=60/1", "no layer is called \"adress\": there are node, address, client and tenant"),
            ("address=60/1, address=off", "the layer address is named twice"),
            (
                "client=60",
                "the limit of the layer client must be requests per seconds such as `600/60`: \
                 at least 1 request, 1 to 86400 seconds, or `off`",
            ),
            ("", "must be `off`, or entries such as `address=6000/60`, separated by commas"),
            ("address=60/1,", "must be `off`, or entries such as `address=6000/60`, separated by commas"),
            ("address=60/1, off", "must be `off`, or entries such as `address=6000/60`, separated by commas"),
        ] {
            let mut settings = RateLimitSettings::default();
            let refused = settings.set(Endpoint::Token, text).unwrap_err();
            assert_eq!((refused.to_string().as_str(), settings), (expected, RateLimitSettings::default()));
        }
    }

    #[test]
    fn modes_read_as_they_are_written() {
        for mode in LimitMode::ALL {
            assert_eq!(LimitMode::parse(mode.as_str()), Ok(mode));
        }
        for text in ["", "on", "Enforce", "dryrun"] {
            assert_eq!(LimitMode::parse(text), Err(LimitModeError), "{text}");
        }
    }
}
