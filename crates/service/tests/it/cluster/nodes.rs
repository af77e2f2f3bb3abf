//! Nodes of one cluster, each with a clock on which something can happen while it waits.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::TokenId;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::random::RandomSource;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::clock::Clock;
use turnkeep_service::cluster::following::Following;
use turnkeep_service::cluster::observed::observe;
use turnkeep_service::cluster::propagation::Propagation;
use turnkeep_service::failure::Fault;
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::snapshot::look_up::Missing;
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::Store;
use turnkeep_testkit::seeded_random::SeededRandom;

use crate::world::token_verbs::payload;
use crate::world::{BASE_URL, TestApp, TestClock, World, cheap_settings, fault, master_keys};

/// How long a lease is, and what a change waits for at most before it goes on without a node.
pub(super) const LEASE: Duration = Duration::from_secs(2);
pub(super) const WAIT: Duration = Duration::from_millis(2_100);

/// What happens while a node waits.
type Hook = Arc<dyn Fn() + Send + Sync>;

/// The clock of a node: the time since boot is everybody's, so that who waits lets it pass for all; the time of day
/// may be wrong.
pub(super) struct NodeClock {
    everybodys: Arc<TestClock>,
    wrong_by_secs: AtomicI64,
    meanwhile: Mutex<Option<Hook>>,
    /// After how many looks at it something happens, and what.
    between: Mutex<Option<(usize, Hook)>>,
}

impl NodeClock {
    /// What happens at this look at the clock, if anything.
    fn due(&self) -> Option<Hook> {
        let mut between = self.between.lock().unwrap();
        match between.take() {
            Some((0, hook)) => Some(hook),
            Some((looks, hook)) => {
                *between = Some((looks - 1, hook));
                None
            }
            None => None,
        }
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        let wrong_by = self.wrong_by_secs.load(Ordering::SeqCst) * 1_000_000;
        Timestamp::from_micros(self.everybodys.now().as_micros() + wrong_by)
    }

    fn since_boot(&self) -> Duration {
        if let Some(hook) = self.due() {
            hook();
        }
        self.everybodys.since_boot()
    }

    fn pause(&self, duration: Duration) {
        self.everybodys.pause(duration);
        let meanwhile = self.meanwhile.lock().unwrap().clone();
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
    }
}

/// A node that serves when it is asked to and follows when it is told to.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) world: World,
    clock: Arc<NodeClock>,
}

impl Node {
    /// On the database of a world whose own authority never serves.
    pub(super) fn of(world: &World, seed: u64) -> Self {
        Self::with(world, seed, &world.store, cheap_settings())
    }

    /// One that reaches the database in its own way.
    pub(super) fn with(
        world: &World,
        seed: u64,
        store: &Arc<dyn Store>,
        settings: AuthoritySettings,
    ) -> Self {
        let clock = Arc::new(NodeClock {
            everybodys: Arc::clone(&world.clock),
            wrong_by_secs: AtomicI64::new(0),
            meanwhile: Mutex::new(None),
            between: Mutex::new(None),
        });
        let random: Arc<dyn RandomSource> = Arc::new(SeededRandom::new(seed));
        let authority = Authority::new(AuthorityParts {
            store: Arc::clone(store),
            clock: Arc::<NodeClock>::clone(&clock),
            random,
            master_keys: Arc::new(master_keys(&[1])),
            base_url: BaseUrl::parse(BASE_URL).unwrap(),
            storage_probe: Arc::new(NoStorageProbe),
            mail: Arc::new(turnkeep_service::sign_in::mail::NoMail),
            logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
            settings,
        });
        let world = World { authority: Arc::new(authority), store: Arc::clone(store), ..world.clone() };
        Self { world, clock }
    }

    /// Steps its time of day, for good.
    pub(super) fn set_wrong_by(&self, secs: i64) {
        self.clock.wrong_by_secs.store(secs, Ordering::SeqCst);
    }

    /// Has something done each time this node has paused while it waits.
    pub(super) fn meanwhile(&self, hook: impl Fn() + Send + Sync + 'static) {
        *self.clock.meanwhile.lock().unwrap() = Some(Arc::new(hook));
    }

    /// Has something done in the middle of what this node does next: after so many looks at its clock.
    pub(super) fn interrupt_after(&self, looks: usize, hook: impl Fn() + Send + Sync + 'static) {
        *self.clock.between.lock().unwrap() = Some((looks, Arc::new(hook)));
    }

    /// Whether that has happened.
    pub(super) fn was_interrupted(&self) -> bool {
        self.clock.between.lock().unwrap().is_none()
    }

    /// Has other nodes follow while this one waits.
    pub(super) fn is_followed_by(&self, others: &[&Self]) {
        let others: Vec<Self> = others.iter().map(|other| (*other).clone()).collect();
        self.meanwhile(move || others.iter().for_each(Self::follow));
    }

    /// One look for changes, which makes it a member if it is none.
    pub(super) fn follow(&self) {
        self.try_to_follow().unwrap();
    }

    pub(super) fn try_to_follow(&self) -> Result<(), Fault> {
        self.world.authority.load(&Missing::Changes)
    }

    /// It has looked, and somebody says that he will look again, but does not.
    #[must_use]
    pub(super) fn fall_silent(&self) -> Following {
        Following::start(&self.world.authority, Duration::from_secs(86_400))
    }

    /// Does something, which has to change something; what it has waited for.
    #[track_caller]
    pub(super) fn change(&self, change: impl FnOnce(&World)) -> Propagation {
        observe(|| change(&self.world)).1.unwrap()
    }

    /// Has an app in memory, with a token of it.
    pub(super) fn warmed_for(&self, app: &TestApp) -> String {
        self.world.token(app)
    }

    /// Why the app gets nothing although nobody denies it.
    #[track_caller]
    pub(super) fn fault(&self, app: &TestApp) -> Fault {
        fault(self.world.issue(app))
    }

    /// How many apps were read since.
    pub(super) fn loads_of(&self, work: impl FnOnce()) -> u64 {
        let before = self.world.authority.status().app_loads;
        work();
        self.world.authority.status().app_loads - before
    }
}

/// A world on machines that have been on for a while.
pub(super) fn furnished() -> World {
    let world = World::new();
    world.clock.0.pause(Duration::from_secs(60));
    world
}

/// Some world, and nodes of it.
pub(super) fn cluster<const N: usize>() -> (World, [Node; N]) {
    let world = furnished();
    let mut seed = 100;
    let nodes = std::array::from_fn(|_| {
        seed += 1;
        Node::of(&world, seed)
    });
    (world, nodes)
}

/// How many nodes are registered.
pub(super) fn members(world: &World) -> u32 {
    world.store.read(|reads| reads.count_nodes()).unwrap()
}

/// Time since boot.
pub(super) fn since_boot(world: &World) -> Duration {
    world.clock.since_boot()
}

/// Disables an app as a process does that is killed right after its commit.
pub(super) fn disable_without_waiting(world: &World, app: &TestApp) {
    let before = world.record(app.id).unwrap();
    let after = App { state: AppState::Disabled, version: before.version.next(), ..before.clone() };
    let scope = ChangeScope::App(world.instance_id, app.tenant_id, app.id);
    let updated = world.store.mutate(|writes| {
        writes.record_change(scope, TokensBefore::Dead, world.clock.now())?;
        writes.update_app(&after, before.version)
    });
    assert_eq!(updated.unwrap(), Updated::Updated);
}

/// Revokes a token in the same way.
pub(super) fn revoke_without_waiting(world: &World, app: &TestApp, token: &str) {
    let token_id: TokenId = payload(token)["jti"].as_str().unwrap().parse().unwrap();
    let scope = ChangeScope::Token(world.instance_id, app.tenant_id, app.id, token_id);
    let at = world.clock.now();
    world.store.mutate(|writes| writes.record_change(scope, TokensBefore::Dead, at)).unwrap();
}

/// Changes that concern nothing that anybody has in memory.
pub(super) fn record_unrelated(world: &World, app: &TestApp, count: usize) {
    let scope = ChangeScope::Token(world.instance_id, app.tenant_id, app.id, TokenId::from_bytes([7; 16]));
    let at = world.clock.now();
    let recorded = world.store.mutate(|writes| {
        (0..count).try_for_each(|_| writes.record_change(scope, TokensBefore::Live, at).map(drop))
    });
    recorded.unwrap();
}
