//! How a node is doing, as numbers for whoever watches it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::NodeId;

use crate::authority::Authority;
use crate::books::Backlog;
use crate::snapshot::look_up::LookUp;

/// What a node knows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeStatus {
    /// What it is called in the cluster; `None` while it is not registered.
    pub node: Option<NodeId>,
    /// Whether it may answer from memory.
    pub is_in_step: bool,
    /// Whether somebody keeps it in step; if nobody does, requests find out what has changed.
    pub is_followed: bool,
    /// What it has applied of the change log.
    pub applied: ChangeSequence,
    /// How many changes it has seen there to be that it has not applied yet.
    pub behind: u64,
    /// How long ago it looked for changes; `None` if it never did, or had to stop.
    pub looked_ago: Option<Duration>,
    /// Apps in memory.
    pub apps_in_memory: usize,
    /// Apps whose tokens are counted in memory.
    pub apps_counted: usize,
    /// Client ids in memory that are nobody's.
    pub absences_in_memory: usize,
    /// How often an app, or that there is none, was read from the database.
    pub app_loads: u64,
    /// How many slow hashes have run.
    pub slow_hashes: u64,
    /// How many passwords have been hashed, right or wrong.
    pub password_hashes: u64,
    /// What waits to be written.
    pub backlog: Backlog,
    /// Mutations of this process that changed something.
    pub mutations: u64,
    /// How long they have waited for other nodes, all together.
    pub mutations_waited: Duration,
    /// How many leases they had to wait out.
    pub nodes_fenced: u64,
}

impl Authority {
    /// How this node is doing.
    pub fn status(&self) -> NodeStatus {
        let (follower, snapshot, totals) = (&self.follower, &self.snapshot, &self.propagations);
        NodeStatus {
            node: follower.node(),
            is_in_step: self.in_step(LookUp::InMemory).is_ok(),
            is_followed: follower.is_followed(),
            applied: follower.applied(),
            behind: follower.behind(),
            looked_ago: follower.lease.age(self.clock.since_boot()),
            apps_in_memory: snapshot.count_apps(),
            apps_counted: self.token_ledger.count_apps(),
            absences_in_memory: snapshot.count_absences(),
            app_loads: snapshot.count_loads(),
            slow_hashes: self.hashing.count(),
            password_hashes: self.password_hashing.count() + self.known_password_hashing.count(),
            backlog: self.books.backlog(),
            mutations: totals.mutations.load(Ordering::Relaxed),
            mutations_waited: Duration::from_micros(totals.waited_micros.load(Ordering::Relaxed)),
            nodes_fenced: totals.fenced.load(Ordering::Relaxed),
        }
    }
}
