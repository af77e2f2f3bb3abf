//! The processes: PostgreSQL, three nodes, each with its own way to the database, and the balancer before them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::arena::Arena;
use super::balancer::Balancer;
use super::database_link::DatabaseLink;
use super::seat::{PerSeat, Seat};
use super::wall_clock::WallClock;
use crate::http::{Connection, Request};
use crate::installation::{Installation, RunningServer, free_address};
use crate::management::{Api, fetch_token};
use crate::postgres_cluster::{Durability, PostgresCluster};
use crate::setup;

const DATABASE: &str = "turnkeep";
/// A node that is not ready again by then, after whatever has happened, never will be.
const LONGEST_RECOVERY: Duration = Duration::from_secs(60);

pub(super) struct Site {
    /// Restarted by one thread at a time.
    pub(super) postgres: Mutex<PostgresCluster>,
    pub(super) balancer: Balancer,
    pub(super) links: PerSeat<DatabaseLink>,
    addresses: PerSeat<SocketAddr>,
    installation: Installation,
    folder: PathBuf,
}

/// How nodes are started.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NodeSettings {
    /// Without notifications of the database: they have to ask it.
    pub(super) is_deaf: bool,
    /// With wall clocks that can be stepped.
    pub(super) has_own_clock: bool,
    /// Goes on serving that long without a lease, which breaks the promise.
    pub(super) serves_stale: Option<Duration>,
}

/// A node. Dropping it kills it.
pub(super) struct Node {
    pub(super) server: RunningServer,
    pub(super) clock: Option<WallClock>,
}

impl Site {
    pub(super) fn prepare(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        setup::database()?;
        let postgres = PostgresCluster::start(Durability::WithTheSystem)?;
        let url = postgres.create_database(DATABASE)?;
        let installation = Installation::create(program, folder, Some(url))?;
        let links = PerSeat::try_make(|_| DatabaseLink::start(postgres.socket()))?;
        let addresses = PerSeat::try_make(|_| free_address())?;
        let balancer = Balancer::start(&addresses)?;
        let folder = folder.to_owned();
        Ok(Self { postgres: Mutex::new(postgres), balancer, links, addresses, installation, folder })
    }

    /// Makes the records that the test is about.
    pub(super) fn furnish(&self) -> anyhow::Result<Arena> {
        let node = self.start_node(Seat::First, NodeSettings::default())?;
        let operator = self.installation.operator()?;
        let address = node.server.address();
        let mut api = Api::with_token(address, &fetch_token(address, &operator)?);
        let arena = Arena::make(&mut api, self.addresses.clone(), operator)?;
        node.server.end()?;
        Ok(arena)
    }

    /// Starts a node in each seat.
    pub(super) fn start_nodes(&self, settings: NodeSettings) -> anyhow::Result<PerSeat<Node>> {
        let nodes = PerSeat::try_make(|seat| {
            self.start_node(seat, settings).with_context(|| format!("could not start {}", seat.name()))
        })?;
        // The balancer looks again in a moment.
        self.wait_until_ready(&Seat::ALL)?;
        thread::sleep(Duration::from_millis(200));
        Ok(nodes)
    }

    fn start_node(&self, seat: Seat, settings: NodeSettings) -> anyhow::Result<Node> {
        let clock = match settings.has_own_clock {
            true => Some(WallClock::new(self.folder.join(format!("{}.clock", seat.name())))?),
            false => None,
        };
        let log_file = self.folder.join(format!("{}.log", seat.name()));
        let server = self.installation.start_at(*self.addresses.at(seat), &log_file, |command| {
            command
                .env("TURNKEEP_DATABASE", self.links.at(seat).url(DATABASE))
                .env("TURNKEEP_BASE_URL", format!("http://{}", self.balancer.address()))
                .env("TURNKEEP_TRUSTED_PROXIES", "127.0.0.1")
                .env("TURNKEEP_WORKERS", "2");
            if settings.is_deaf {
                command.env("TURNKEEP_CLUSTER_NOTIFICATIONS", "off");
            }
            if let Some(bound) = settings.serves_stale {
                command.env("TURNKEEP_SERVE_STALE_SECONDS", bound.as_secs().to_string());
            }
            if let Some(clock) = &clock {
                clock.give_to(command);
            }
        })?;
        Ok(Node { server, clock })
    }

    /// Returns how long it took.
    pub(super) fn wait_until_ready(&self, seats: &[Seat]) -> anyhow::Result<Duration> {
        let begin = Instant::now();
        for seat in seats {
            while !self.is_ready(*seat) {
                if begin.elapsed() > LONGEST_RECOVERY {
                    bail!("{} was not ready after {} s", seat.name(), LONGEST_RECOVERY.as_secs());
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
        Ok(begin.elapsed())
    }

    fn is_ready(&self, seat: Seat) -> bool {
        let question = Request { method: "GET", path: "/health/ready".to_owned(), ..Request::default() };
        let answer = Connection::with_timeout(*self.addresses.at(seat), LONGEST_RECOVERY).send(&question);
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Ends everything and removes the files.
    pub(super) fn remove(self) -> anyhow::Result<()> {
        self.installation.remove()
    }
}

impl Node {
    /// Its wall clock is so many seconds ahead of ours from now on, or behind it.
    pub(super) fn step_clock(&self, seconds: i64) -> anyhow::Result<()> {
        let clock = self.clock.as_ref().context("this node has the clock of the system")?;
        clock.step(seconds)
    }
}
