//! Follows the kill marks of an issuer by long polls: a mark is here as soon as the issuer has made it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use turnkeep_domain::signing_key::SigningAlgorithm;
use url::Url;

use crate::gate::authority_client::{Answer, AuthorityClient, Question};
use crate::gate::backoff;
use crate::gate::contact::Contact;
use crate::gate::held_keys::{HeldKeys, Refresh};
use crate::gate::settings::GateSettings;
use crate::gate::status::AuthorityError;
use crate::kill_marks::{KillMarks, KillMarksError, MAX_KILL_MARKS_BYTES};
use crate::rejection::TokenRejection;

/// The longest wait between attempts while the issuer is down: a kill made right after it came back is known within a
/// second too.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// The least time between the beginnings of two polls that bring nothing new, for an issuer that answers at once.
const POLL: Duration = Duration::from_millis(500);
/// The same for polls that bring something: nodes behind one address may differ for a while in what they have dropped.
const NEWS: Duration = Duration::from_millis(100);
/// The longest wait of one poll.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// The kill marks, with what keeps them fresh.
pub(crate) struct KillFeed {
    issuer: String,
    algorithms: Vec<SigningAlgorithm>,
    client: AuthorityClient,
    url: Url,
    keys: Arc<HeldKeys>,
    wait: Duration,
    held: ArcSwapOption<KillMarks>,
    pub(crate) contact: Contact,
}

/// What a poll brought.
enum Poll {
    News { etag: Option<String> },
    NoNews,
}

impl KillFeed {
    pub(crate) fn new(
        issuer: &str,
        algorithms: &[SigningAlgorithm],
        url: Url,
        keys: Arc<HeldKeys>,
        settings: &GateSettings,
        client: AuthorityClient,
    ) -> Self {
        Self {
            issuer: issuer.to_owned(),
            algorithms: algorithms.to_vec(),
            client,
            url,
            keys,
            wait: settings.kill_marks_wait.min(MAX_WAIT),
            held: ArcSwapOption::empty(),
            contact: Contact::new(issuer, "kill marks"),
        }
    }

    /// The marks that are held, however old they are.
    pub(crate) fn marks(&self) -> arc_swap::Guard<Option<Arc<KillMarks>>> {
        self.held.load()
    }

    /// Polls again and again, for as long as it is polled itself.
    pub(crate) async fn follow(self: Arc<Self>) {
        let mut etag = None;
        loop {
            let begun = Instant::now();
            let wait = match self.poll(etag.as_deref()).await {
                Ok(Poll::News { etag: newer }) => {
                    // Without a tag, or with the same one again, there is nothing to wait for with.
                    let pace = if newer.is_none() || newer == etag { POLL } else { NEWS };
                    etag = newer;
                    self.contact.succeeded();
                    pace.saturating_sub(begun.elapsed())
                }
                Ok(Poll::NoNews) => {
                    self.contact.succeeded();
                    POLL.saturating_sub(begun.elapsed())
                }
                // Also a node that has not applied everything yet: what is held stays, its tag included.
                Err(error) => backoff::delay(self.contact.failed(error), LONGEST_WAIT, backoff::chance()),
            };
            tokio::time::sleep(wait).await;
        }
    }

    async fn poll(&self, etag: Option<&str>) -> Result<Poll, AuthorityError> {
        let wait = if etag.is_some() { self.wait } else { Duration::ZERO };
        let question =
            Question { url: &self.url, at_most_bytes: MAX_KILL_MARKS_BYTES, other_than: etag, wait };
        match self.client.get(&question).await? {
            Answer::NotModified => Ok(Poll::NoNews),
            Answer::Document { bytes, etag } => {
                let feed =
                    String::from_utf8(bytes).map_err(|_| KillMarksError::Jws(TokenRejection::Malformed))?;
                self.take(&feed).await?;
                Ok(Poll::News { etag })
            }
        }
    }

    async fn take(&self, feed: &str) -> Result<(), KillMarksError> {
        let newer = self.read(feed).await?;
        let held = self.held.load_full();
        let held_mark = held.as_ref().map(|held| held.instance_mark()).unwrap_or_default();
        let whole_instance_killed = held_mark < newer.instance_mark();
        let newer = match held {
            Some(held) => held.replaced_by(newer)?,
            None => newer,
        };
        self.held.store(Some(Arc::new(newer)));
        if whole_instance_killed {
            // Its keys may have been withdrawn with it.
            self.keys.doubt();
        }
        Ok(())
    }

    async fn read(&self, feed: &str) -> Result<KillMarks, KillMarksError> {
        let keys = self.keys.current();
        let unknown = KillMarksError::Jws(TokenRejection::UnknownKey);
        let read = match &keys {
            Some(keys) => KillMarks::verify(&self.issuer, &self.algorithms, keys, feed),
            None => Err(unknown),
        };
        if read.as_ref().err() != Some(&unknown)
            || self.keys.refresh_for_feed(keys.as_ref()).await != Refresh::OtherKeys
        {
            return read;
        }
        let keys = self.keys.current().ok_or(unknown)?;
        KillMarks::verify(&self.issuer, &self.algorithms, &keys, feed)
    }
}
