//! The snapshot: issuers and apps in memory, what is known not to exist, and how they get there.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use quick_cache::Equivalent;
use quick_cache::sync::Cache;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::cluster::change_marks::ChangeMarks;
use crate::failure::Fault;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::{LookUp, Missing};

/// How many client ids that nobody has are remembered. They take no room from those that somebody has.
const ABSENCES: usize = 20_000;

/// How often something may change between reading and using it, before the caller is told to come back.
const TRIES: usize = 8;

/// Everything in memory.
pub(crate) struct RegistrySnapshot {
    issuers: ArcSwap<Issuers>,
    apps: Cache<AppKey, Arc<CachedApp>>,
    absences: Cache<AppKey, ChangeSequence>,
    /// How often an app was read.
    loads: AtomicU64,
}

/// Issuers are few, so the whole map is replaced at each change.
#[derive(Default, Clone)]
struct Issuers {
    /// The names of all instances, and the change they are as of.
    names: Option<(Arc<[Slug]>, ChangeSequence)>,
    by_name: HashMap<Slug, Arc<CachedIssuer>>,
}

/// An app by what a client presents.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct AppKey {
    instance_id: InstanceId,
    client_id: Box<str>,
}

/// An [`AppKey`] that was not allocated.
struct AppKeyRef<'a> {
    instance_id: InstanceId,
    client_id: &'a str,
}

impl Hash for AppKeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instance_id.hash(state);
        self.client_id.hash(state);
    }
}

impl Equivalent<AppKey> for AppKeyRef<'_> {
    fn equivalent(&self, key: &AppKey) -> bool {
        self.instance_id == key.instance_id && *self.client_id == *key.client_id
    }
}

/// What is known of a client id.
pub(crate) enum Known {
    /// An app has it.
    App(Arc<CachedApp>),
    /// Nobody has it.
    Nobody,
}

impl RegistrySnapshot {
    /// Empty; keeps so many apps at most.
    pub(crate) fn new(apps: usize) -> Self {
        Self {
            issuers: ArcSwap::default(),
            apps: Cache::new(apps.max(1)),
            absences: Cache::new(ABSENCES),
            loads: AtomicU64::new(0),
        }
    }

    /// How many apps are in memory.
    pub(crate) fn count_apps(&self) -> usize {
        self.apps.len()
    }

    /// How often an app, or that there is none, was read from the database.
    pub(crate) fn count_loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    /// How many client ids are known to be nobody's.
    pub(crate) fn count_absences(&self) -> usize {
        self.absences.len()
    }

    /// An issuer that is in use; `None` if there is no such issuer or it is off.
    pub(crate) fn issuer(
        &self,
        authority: &Authority,
        slug: &Slug,
        look_up: LookUp,
    ) -> Result<Option<Arc<CachedIssuer>>, Fault> {
        let is_on = |issuer: &Arc<CachedIssuer>| issuer.catalogue.instance.state == InstanceState::Active;
        Ok(self.issuer_on_or_off(authority, slug, look_up)?.filter(is_on))
    }

    /// An issuer, in use or not; `None` if there is no such issuer.
    pub(crate) fn issuer_on_or_off(
        &self,
        authority: &Authority,
        slug: &Slug,
        look_up: LookUp,
    ) -> Result<Option<Arc<CachedIssuer>>, Fault> {
        for _ in 0..TRIES {
            if let Some(known) = self.known_issuer(&authority.follower.marks, slug) {
                return Ok(known);
            }
            match look_up {
                LookUp::InMemory => return Err(Fault::NotInMemory(Missing::Issuer(slug.clone()))),
                LookUp::Anywhere => self.load_issuer(authority, slug)?,
            }
        }
        Err(Fault::Overtaken)
    }

    /// Who has a client id in an instance.
    pub(crate) fn app(
        &self,
        authority: &Authority,
        issuer: &CachedIssuer,
        client_id: &str,
        look_up: LookUp,
    ) -> Result<Known, Fault> {
        let instance = &issuer.catalogue.instance;
        for _ in 0..TRIES {
            if let Some(known) = self.known_app(&authority.follower.marks, instance.id, client_id) {
                return Ok(known);
            }
            let Ok(parsed) = ClientId::parse(client_id) else {
                return Ok(Known::Nobody);
            };
            match look_up {
                LookUp::InMemory => {
                    let (issuer, client_id) = (instance.slug.clone(), client_id.to_owned());
                    return Err(Fault::NotInMemory(Missing::App { issuer, client_id }));
                }
                LookUp::Anywhere => self.load_app(authority, instance.id, &parsed)?,
            }
        }
        Err(Fault::Overtaken)
    }

    /// Reads what was not in memory.
    pub(crate) fn load(&self, authority: &Authority, missing: &Missing) -> Result<(), Fault> {
        match missing {
            Missing::Changes => authority.follower.renew().map_err(Fault::Store),
            Missing::Issuer(slug) => self.load_issuer(authority, slug),
            Missing::App { issuer, client_id } => {
                let issuer = self.issuer(authority, issuer, LookUp::Anywhere)?;
                match (issuer, ClientId::parse(client_id)) {
                    (Some(issuer), Ok(client_id)) => {
                        self.load_app(authority, issuer.catalogue.instance.id, &client_id)
                    }
                    (None, _) | (_, Err(_)) => Ok(()),
                }
            }
            Missing::TokenTotals(app_id) => Ok(authority.token_ledger.load(authority, *app_id)?),
            Missing::SlowHash => Ok(()),
        }
    }

    /// Has an app read again, as something about it was written that is no change of the registry.
    pub(crate) fn forget_app(&self, app: &CachedApp) {
        let app = &app.live.app;
        self.apps.remove(&AppKeyRef { instance_id: app.instance_id, client_id: app.client_id.as_str() });
    }

    /// `Some(None)`: it is known that there is no such issuer.
    fn known_issuer(&self, marks: &ChangeMarks, slug: &Slug) -> Option<Option<Arc<CachedIssuer>>> {
        let issuers = self.issuers.load();
        if let Some(issuer) = issuers.by_name.get(slug) {
            let is_current = marks.is_instance_current(issuer.as_of, issuer.catalogue.instance.id);
            return is_current.then(|| Some(Arc::clone(issuer)));
        }
        let (names, as_of) = issuers.names.as_ref()?;
        let is_absent = marks.is_directory_current(*as_of) && !names.contains(slug);
        is_absent.then_some(None)
    }

    fn known_app(&self, marks: &ChangeMarks, instance_id: InstanceId, client_id: &str) -> Option<Known> {
        let key = AppKeyRef { instance_id, client_id };
        if let Some(app) = self.apps.get(&key) {
            let live = &app.live.app;
            return marks.is_app_current(app.as_of, live.tenant_id, live.id).then_some(Known::App(app));
        }
        let as_of = self.absences.get(&key)?;
        marks.is_absence_current(as_of, instance_id).then_some(Known::Nobody)
    }

    /// Names that no instance has cost no more than one look at the list of instances.
    fn load_issuer(&self, authority: &Authority, slug: &Slug) -> Result<(), Fault> {
        let issuers = self.issuers.load_full();
        let named = issuers.names.clone();
        let names = match named.filter(|(_, as_of)| authority.follower.marks.is_directory_current(*as_of)) {
            Some(names) => names,
            None => authority.store.read(|reads| {
                let as_of = reads.change_sequence()?;
                let instances = reads.list_instances()?;
                Ok((instances.into_iter().map(|instance| instance.slug).collect::<Arc<[Slug]>>(), as_of))
            })?,
        };
        let read = match names.0.contains(slug) {
            true => {
                let before = issuers.by_name.get(slug).map(|before| &**before);
                CachedIssuer::read(authority, slug, before)?
            }
            false => None,
        };
        self.issuers.rcu(|issuers| {
            let mut issuers = Issuers::clone(issuers);
            let is_newer = |known: &(Arc<[Slug]>, ChangeSequence)| known.1 < names.1;
            if issuers.names.as_ref().is_none_or(is_newer) {
                issuers.names = Some(names.clone());
            }
            match &read {
                Some(read) => {
                    let known = issuers.by_name.entry(slug.clone()).or_insert_with(|| Arc::clone(read));
                    if known.as_of < read.as_of {
                        *known = Arc::clone(read);
                    }
                }
                None => {
                    issuers.by_name.remove(slug);
                }
            }
            issuers
        });
        Ok(())
    }

    /// One query, whether there is such an app or not.
    fn load_app(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        client_id: &ClientId,
    ) -> Result<(), Fault> {
        let read = authority.store.read(|reads| reads.find_live_app(instance_id, client_id))?;
        self.loads.fetch_add(1, Ordering::Relaxed);
        let key = AppKey { instance_id, client_id: client_id.as_str().into() };
        match read.found {
            Some(live) => {
                self.absences.remove(&key);
                let tokens = authority.token_ledger.of(&live.app);
                self.apps.insert(key, CachedApp::new(live, read.as_of, tokens));
            }
            None => {
                self.apps.remove(&key);
                self.absences.insert(key, read.as_of);
            }
        }
        Ok(())
    }
}
