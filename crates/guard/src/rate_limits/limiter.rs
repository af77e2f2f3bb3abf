//! The limits of a node, asked twice: when a request arrives, and when it is known who sent it.
//!
//! Only authenticated requests are counted for a client and its tenant, so nobody can use up the limit of somebody
//! else. What is refused is not counted: hammering on does not make a wait longer.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use governor::clock::{Clock, DefaultClock, Reference};

use super::cell;
use super::layer_limit::{Counter, LayerLimit};
use super::per_endpoint::PerEndpoint;
use super::quota::RateQuota;
use super::settings::{LimitMode, RateLimitSettings};
use super::shared::SharedTake;
use super::standing::Standing;
use super::verdict::Verdict;
use crate::address_prefix::AddressPrefix;
use crate::endpoint::Endpoint;
use crate::layer::Layer;

/// Who sent a request, as far as limits go. Only for who has authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// The id of the app, or of the person at the management API.
    pub client: [u8; 16],
    /// The id of the tenant, if the client belongs to one.
    pub tenant: Option<[u8; 16]>,
    /// The client's own limit, such as that of its plan, instead of the endpoint's.
    pub client_quota: Option<RateQuota>,
}

/// Counts requests. Share it between all workers.
pub struct RateLimits<C: Clock = DefaultClock> {
    mode: LimitMode,
    endpoints: PerEndpoint<EndpointLimits>,
    clock: C,
    origin: C::Instant,
}

struct EndpointLimits {
    node: Option<Counter>,
    addresses: LayerLimit<AddressPrefix>,
    clients: LayerLimit<[u8; 16]>,
    tenants: LayerLimit<[u8; 16]>,
}

impl RateLimits {
    /// Limits with the process's own clock.
    pub fn new(settings: &RateLimitSettings) -> Self {
        Self::with_clock(settings, DefaultClock::default())
    }
}

impl<C: Clock> RateLimits<C> {
    /// Limits with any clock.
    pub fn with_clock(settings: &RateLimitSettings, clock: C) -> Self {
        let endpoints = PerEndpoint::from_fn(|endpoint| EndpointLimits::new(settings, endpoint));
        Self { mode: settings.mode, endpoints, origin: clock.now(), clock }
    }

    /// Counts a request that has just arrived, whoever sent it: for the node, then for the address.
    pub fn arrive(&self, endpoint: Endpoint, address: IpAddr) -> Verdict {
        if self.mode == LimitMode::Off {
            return Verdict::Unlimited;
        }
        let limits = self.endpoints.of(endpoint);
        let address = limits.addresses.counter(AddressPrefix::from(address), None);
        self.count_both(endpoint, (Layer::Node, limits.node.as_ref()), (Layer::Address, address.as_ref()))
    }

    /// Counts a request whose sender has authenticated: for the client, then for its tenant.
    pub fn identify(&self, endpoint: Endpoint, party: &Party) -> Verdict {
        if self.mode == LimitMode::Off {
            return Verdict::Unlimited;
        }
        let limits = self.endpoints.of(endpoint);
        let client = limits.clients.counter(party.client, party.client_quota);
        let tenant = party.tenant.and_then(|tenant| limits.tenants.counter(tenant, None));
        self.count_both(endpoint, (Layer::Client, client.as_ref()), (Layer::Tenant, tenant.as_ref()))
    }

    /// What nodes that count together would count for a request: for its address, and for its sender once
    /// authenticated. Not for the node, which is nobody else's business.
    pub fn shared_takes(
        &self,
        endpoint: Endpoint,
        address: Option<IpAddr>,
        party: Option<&Party>,
    ) -> Vec<SharedTake> {
        if self.mode == LimitMode::Off {
            return Vec::new();
        }
        let limits = self.endpoints.of(endpoint);
        let address = address.and_then(|address| {
            let subject = AddressPrefix::from(address).network();
            Some((Layer::Address, subject, limits.addresses.quota_of(None)?))
        });
        let client = party.and_then(|party| {
            Some((Layer::Client, party.client, limits.clients.quota_of(party.client_quota)?))
        });
        let tenant =
            party.and_then(|party| Some((Layer::Tenant, party.tenant?, limits.tenants.quota_of(None)?)));
        let takes = [address, client, tenant].into_iter().flatten();
        takes.map(|(layer, subject, quota)| SharedTake { endpoint, layer, subject, quota }).collect()
    }

    /// What becomes of requests beyond a limit.
    pub fn mode(&self) -> LimitMode {
        self.mode
    }

    /// How many addresses, clients and tenants are remembered right now.
    pub fn remembered(&self) -> usize {
        let counts = Endpoint::ALL.map(|endpoint| self.endpoints.of(endpoint).remembered());
        counts.into_iter().sum()
    }

    fn count_both(
        &self,
        endpoint: Endpoint,
        (outer_layer, outer): (Layer, Option<&Counter>),
        (inner_layer, inner): (Layer, Option<&Counter>),
    ) -> Verdict {
        let now = self.clock.now().duration_since(self.origin).as_u64();
        let count = |layer, counter: Option<&Counter>| {
            counter.map_or(Verdict::Unlimited, |counter| self.count(endpoint, layer, counter, now))
        };
        let before = count(outer_layer, outer);
        if matches!(before, Verdict::Exceeded(_)) {
            return before;
        }
        let after = count(inner_layer, inner);
        if let (Verdict::Exceeded(_), Some(outer)) = (after, outer) {
            // Refused after all: the limit that had let it pass is given its request back.
            cell::forgive(&outer.cell, outer.quota);
        }
        before.tighter(after)
    }

    fn count(&self, endpoint: Endpoint, layer: Layer, counter: &Counter, now: u64) -> Verdict {
        let counted = cell::count(&counter.cell, counter.quota, now);
        let standing = Standing {
            endpoint,
            layer,
            quota: counter.quota,
            remaining: counted.remaining,
            resets_in: counted.resets_in,
            retry_in: counted.refused_for.unwrap_or_default(),
        };
        match (counted.refused_for, self.mode) {
            (None, _) => Verdict::Within(standing),
            (Some(_), LimitMode::Enforced) => Verdict::Exceeded(standing),
            (Some(_), LimitMode::DryRun | LimitMode::Off) => Verdict::WouldExceed(standing),
        }
    }
}

impl EndpointLimits {
    fn new(settings: &RateLimitSettings, endpoint: Endpoint) -> Self {
        let quota = |layer| settings.quota(endpoint, layer);
        Self {
            node: quota(Layer::Node).map(|quota| Counter { quota, cell: Arc::new(AtomicU64::new(0)) }),
            addresses: LayerLimit::new(quota(Layer::Address), settings.remembered),
            clients: LayerLimit::new(quota(Layer::Client), settings.remembered),
            tenants: LayerLimit::new(quota(Layer::Tenant), settings.remembered),
        }
    }

    fn remembered(&self) -> usize {
        self.addresses.remembered() + self.clients.remembered() + self.tenants.remembered()
    }
}

#[cfg(test)]
mod tests;
