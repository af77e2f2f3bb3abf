//! Everything that a gate holds about one pinned issuer.

use std::sync::Arc;

use tokio::runtime::Handle;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::time::Timestamp;

use crate::access_token::{AccessTokenVerifier, VerifiedAccessToken};
use crate::gate::authority_client::AuthorityClient;
use crate::gate::held_keys::{HeldKeys, Refresh};
use crate::gate::introspection::Introspection;
use crate::gate::kill_feed::KillFeed;
use crate::gate::pinned_issuer::PinnedIssuer;
use crate::gate::settings::{GateSettings, StaleKillMarks};
use crate::gate::status::IssuerStatus;
use crate::refusal::AccessRefusal;
use crate::rejection::TokenRejection;
use crate::seen_tokens::RememberingVerifier;

pub(crate) struct IssuerGate {
    verifier: RememberingVerifier,
    keys: Arc<HeldKeys>,
    kill_feed: Option<Arc<KillFeed>>,
    introspection: Option<Arc<Introspection>>,
}

impl IssuerGate {
    pub(crate) fn new(
        pinned: &PinnedIssuer,
        audience: &Audience,
        settings: &GateSettings,
        remembered_bytes: u64,
        client: AuthorityClient,
        home: Handle,
    ) -> Self {
        let verifier = AccessTokenVerifier::new(pinned.issuer())
            .with_audience(audience.clone())
            .with_algorithms(pinned.algorithms())
            .with_clock_skew(settings.clock_skew);
        let url = pinned.key_set_url().clone();
        let introspection = pinned.introspection().map(|endpoint| {
            let (endpoint, client) = (endpoint.clone(), client.clone());
            Arc::new(Introspection::new(pinned.issuer(), audience, endpoint, client, home.clone()))
        });
        let keys = Arc::new(HeldKeys::new(pinned.issuer(), url, settings, client.clone(), home));
        let kill_feed = pinned.kill_marks_url().map(|url| {
            let (algorithms, keys) = (pinned.algorithms(), Arc::clone(&keys));
            Arc::new(KillFeed::new(pinned.issuer(), algorithms, url.clone(), keys, settings, client))
        });
        let verifier = RememberingVerifier::new(verifier, remembered_bytes);
        Self { verifier, keys, kill_feed, introspection }
    }

    pub(crate) fn issuer(&self) -> &str {
        self.verifier.verifier().issuer()
    }

    pub(crate) fn keys(&self) -> &Arc<HeldKeys> {
        &self.keys
    }

    pub(crate) fn kill_feed(&self) -> Option<&Arc<KillFeed>> {
        self.kill_feed.as_ref()
    }

    /// Where reference tokens are asked about.
    pub(crate) const fn introspection(&self) -> Option<&Arc<Introspection>> {
        self.introspection.as_ref()
    }

    /// Checks everything but whether the token was killed.
    pub(crate) async fn verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<VerifiedAccessToken>, AccessRefusal> {
        let keys = self.keys.current();
        let verified = match &keys {
            Some(keys) => self.verifier.verify(keys, token, now),
            None => Err(TokenRejection::UnknownKey),
        };
        if !matches!(verified, Err(TokenRejection::UnknownKey)) {
            return verified.map_err(AccessRefusal::InvalidToken);
        }
        match self.keys.refresh(keys.as_ref()).await {
            Refresh::OtherKeys => {
                let keys = self.keys.current().ok_or(AccessRefusal::KeysUnavailable)?;
                self.verifier.verify(&keys, token, now).map_err(AccessRefusal::InvalidToken)
            }
            Refresh::SameKeys if keys.is_some() => verified.map_err(AccessRefusal::InvalidToken),
            // The token may be right, so its bearer should not throw it away.
            Refresh::SameKeys | Refresh::Failed => Err(AccessRefusal::KeysUnavailable),
        }
    }

    /// Whether the token was killed, as far as is known.
    pub(crate) async fn is_dead(
        &self,
        token: &VerifiedAccessToken,
        stale: StaleKillMarks,
    ) -> Result<bool, AccessRefusal> {
        let Some(feed) = &self.kill_feed else {
            return Ok(false);
        };
        feed.contact.first_attempt().await;
        if feed.marks().as_ref().is_some_and(|marks| marks.is_dead(token)) {
            return Ok(true);
        }
        match stale {
            StaleKillMarks::RefuseAfter(bound) if feed.contact.age().is_none_or(|age| bound < age) => {
                Err(AccessRefusal::KillMarksUnavailable)
            }
            StaleKillMarks::RefuseAfter(_) | StaleKillMarks::Accept => Ok(false),
        }
    }

    pub(crate) fn status(&self) -> IssuerStatus {
        let marks = self.kill_feed.as_ref().map(|feed| feed.marks());
        IssuerStatus {
            issuer: self.issuer().to_owned(),
            keys: self.keys.contact.status(),
            kill_marks: self.kill_feed.as_ref().map(|feed| feed.contact.status()),
            kill_marks_sequence: marks.and_then(|marks| marks.as_ref().map(|marks| marks.sequence())),
        }
    }
}
