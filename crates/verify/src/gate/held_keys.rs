//! The key set of an issuer, as it was last fetched. A key that nobody knows has it fetched again, but not as often as
//! somebody likes to make keys up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify};
use url::Url;

use crate::gate::authority_client::{Answer, AuthorityClient, Question};
use crate::gate::backoff;
use crate::gate::contact::Contact;
use crate::gate::settings::GateSettings;
use crate::gate::status::AuthorityError;
use crate::key_set::{KeySet, MAX_KEY_SET_BYTES};

/// The longest wait between attempts while the issuer is down.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How often keys that are in doubt are fetched, and how far apart. The first answer may be of a node that does not know
/// yet why; after a little more than two seconds there is none (`docs/cluster.md`).
const DOUBTED_FETCHES: u32 = 4;
const DOUBTED_EVERY: Duration = Duration::from_secs(1);

/// What came of asking for an unknown key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refresh {
    /// There are other keys now.
    OtherKeys,
    /// The issuer has no other keys, or had none a moment ago.
    SameKeys,
    /// The issuer could not be asked.
    Failed,
}

/// The keys, with what keeps them fresh.
pub(crate) struct HeldKeys {
    client: AuthorityClient,
    url: Url,
    home: Handle,
    every: Duration,
    not_sooner_than: Duration,
    usable_for: Duration,
    held: ArcSwapOption<FetchedKeys>,
    pub(crate) contact: Contact,
    /// Held while the key set is being fetched, so that requests in the meantime wait for that one.
    last_fetch: Mutex<Option<LastFetch>>,
    doubted: Notify,
}

/// A key set is parsed once: as long as the document stays the same, so does the set, and with it whatever was
/// verified before.
struct FetchedKeys {
    document: Vec<u8>,
    keys: Arc<KeySet>,
}

#[derive(Clone, Copy)]
struct LastFetch {
    begun: Instant,
    failed: bool,
}

impl HeldKeys {
    pub(crate) fn new(
        issuer: &str,
        url: Url,
        settings: &GateSettings,
        client: AuthorityClient,
        home: Handle,
    ) -> Self {
        Self {
            client,
            url,
            home,
            every: settings.key_refresh,
            not_sooner_than: settings.unknown_key_refresh,
            usable_for: settings.keys_usable_for,
            held: ArcSwapOption::empty(),
            contact: Contact::new(issuer, "key set"),
            last_fetch: Mutex::default(),
            doubted: Notify::new(),
        }
    }

    /// The keys, unless there are none or they are too old.
    pub(crate) fn current(&self) -> Option<Arc<KeySet>> {
        let usable = self.contact.age().is_some_and(|age| age <= self.usable_for);
        self.held.load().as_ref().filter(|_| usable).map(|fetched| Arc::clone(&fetched.keys))
    }

    /// Fetches the keys again and again, for as long as it is polled.
    pub(crate) async fn keep_fresh(self: Arc<Self>) {
        let mut soon = 0;
        loop {
            let outcome = {
                let mut last_fetch = self.last_fetch.lock().await;
                self.fetch(&mut last_fetch).await
            };
            let wait = match outcome {
                Ok(()) if 0 < soon => DOUBTED_EVERY,
                Ok(()) => self.every.mul_f64(0.9 + f64::from(backoff::chance()) / f64::from(u32::MAX) / 10.0),
                Err(error) => backoff::delay(self.contact.failed(error), LONGEST_WAIT, backoff::chance()),
            };
            // Either way they are fetched now.
            soon = match tokio::time::timeout(wait, self.doubted.notified()).await {
                Ok(()) => DOUBTED_FETCHES - 1,
                Err(_) => soon.saturating_sub(1),
            };
        }
    }

    /// Has them fetched now, and again a few times: one of them may have been withdrawn.
    pub(crate) fn doubt(&self) {
        self.doubted.notify_one();
    }

    /// Fetches them for the key of a token that is not among those `seen`, unless that was done a moment ago: anybody
    /// can make keys up.
    pub(crate) async fn refresh(self: &Arc<Self>, seen: Option<&Arc<KeySet>>) -> Refresh {
        self.refresh_after(self.not_sooner_than, seen).await
    }

    /// The same for the key of the issuer's own feed, at once: it is polled at a pace of its own, and no kill waits
    /// because somebody has made keys up.
    pub(crate) async fn refresh_for_feed(self: &Arc<Self>, seen: Option<&Arc<KeySet>>) -> Refresh {
        self.refresh_after(Duration::ZERO, seen).await
    }

    async fn refresh_after(self: &Arc<Self>, pause: Duration, seen: Option<&Arc<KeySet>>) -> Refresh {
        // On the gate's own runtime: neither a caller that gives up nor one whose runtime ends stops it.
        let (keys, seen) = (Arc::clone(self), seen.cloned());
        self.home
            .spawn(async move { keys.refresh_here(pause, seen.as_ref()).await })
            .await
            .unwrap_or(Refresh::Failed)
    }

    async fn refresh_here(&self, pause: Duration, seen: Option<&Arc<KeySet>>) -> Refresh {
        let mut last_fetch = self.last_fetch.lock().await;
        if self.has_other_than(seen) {
            return Refresh::OtherKeys;
        }
        if let Some(last) = *last_fetch
            && last.begun.elapsed() < pause
        {
            return if last.failed { Refresh::Failed } else { Refresh::SameKeys };
        }
        match self.fetch(&mut last_fetch).await {
            Ok(()) if self.has_other_than(seen) => Refresh::OtherKeys,
            Ok(()) => Refresh::SameKeys,
            Err(error) => {
                self.contact.failed(error);
                Refresh::Failed
            }
        }
    }

    fn has_other_than(&self, seen: Option<&Arc<KeySet>>) -> bool {
        match (self.current(), seen) {
            (Some(current), Some(seen)) => !Arc::ptr_eq(&current, seen),
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    async fn fetch(&self, last_fetch: &mut Option<LastFetch>) -> Result<(), AuthorityError> {
        // Whatever stops this in the middle, it was an attempt.
        let begun = Instant::now();
        *last_fetch = Some(LastFetch { begun, failed: true });
        let question = Question {
            url: &self.url,
            at_most_bytes: MAX_KEY_SET_BYTES,
            other_than: None,
            wait: Duration::ZERO,
        };
        let Answer::Document { bytes, etag: _ } = self.client.get(&question).await? else {
            return Err(AuthorityError::Status(304));
        };
        let unchanged = self.held.load().as_ref().is_some_and(|fetched| fetched.document == bytes);
        if !unchanged {
            let keys = Arc::new(KeySet::from_jwks(&bytes)?);
            self.held.store(Some(Arc::new(FetchedKeys { document: bytes, keys })));
        }
        *last_fetch = Some(LastFetch { begun, failed: false });
        self.contact.succeeded();
        Ok(())
    }
}
