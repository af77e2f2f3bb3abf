//! Nodes of a cluster, as far as limits go.

use std::time::Duration;

use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::layer::Layer;
use turnkeep_guard::rate_limits::quota::RateQuota;
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedLimits, SharedTake};
use turnkeep_secret::master_key::MasterKey;
use turnkeep_shared_limits::redis_limits::{Presence, RedisLimits};
use turnkeep_shared_limits::settings::SharedLimitsSettings;

/// A node that does not give up on a busy machine's server, and is quick to look for one that was gone.
pub(crate) fn node(url: &str) -> RedisLimits {
    open(settings(url))
}

pub(crate) fn node_with(url: &str, patience: Duration) -> RedisLimits {
    let mut settings = settings(url);
    settings.patience = patience;
    open(settings)
}

pub(crate) fn node_that_trusts(url: &str, certificate: Vec<u8>) -> RedisLimits {
    let mut settings = settings(url);
    settings.trusted_roots = Some(certificate);
    open(settings)
}

fn settings(url: &str) -> SharedLimitsSettings {
    let mut settings = SharedLimitsSettings::parse(url).unwrap();
    (settings.patience, settings.retry_every) = (Duration::from_secs(60), Duration::from_millis(20));
    settings
}

fn open(settings: SharedLimitsSettings) -> RedisLimits {
    RedisLimits::open(settings, &MasterKey::generate([9; 32])).unwrap()
}

pub(crate) async fn node_that_is_there(url: &str) -> RedisLimits {
    let node = node(url);
    node.reached(Presence::There).await;
    node
}

pub(crate) fn take(layer: Layer, subject: u8, quota: &str) -> SharedTake {
    let quota = RateQuota::parse(quota).unwrap();
    SharedTake { endpoint: Endpoint::Token, layer, subject: [subject; 16], quota }
}

/// How many of these takes in a row are counted, up to a thousand, by nodes in turn.
pub(crate) async fn counted(nodes: &[&RedisLimits], takes: &[SharedTake]) -> usize {
    for (count, node) in nodes.iter().cycle().take(1_000).enumerate() {
        match node.take(takes).await {
            SharedAnswer::Within(_) => {}
            SharedAnswer::Exceeded { .. } => return count,
            SharedAnswer::Gone => panic!("the server is gone"),
        }
    }
    1_000
}

/// Runs a test on a thread that also turns the clock of the test's own waits.
pub(crate) fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}
