//! Limits counted in a Redis or Valkey server.

use std::fmt;
use std::io;

use redis::{Client, RedisError, RedisResult, TlsCertificates};
use tokio::sync::{mpsc, oneshot, watch};
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedAnswering, SharedLimits, SharedTake};
use turnkeep_secret::master_key::MasterKey;

use crate::link::{Job, Link};
use crate::script::Question;
use crate::settings::SharedLimitsSettings;
use crate::subject_key::SubjectKeys;

/// How many questions may be on their way to the server; more are not asked.
const MAX_QUEUED: usize = 4_096;

/// Whether the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It does.
    There,
    /// It did not at last, or not yet.
    Gone,
}

/// Why the limits could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenSharedLimitsError {
    /// The settings do not make a client.
    #[error("the server of the shared limits cannot be used: {}", .0.category())]
    Client(RedisError),
    /// There is no thread for the connection.
    #[error("no thread for the shared limits")]
    Thread(#[source] io::Error),
}

/// The connection to a server that counts. Share it between all workers; the last one dropped ends it.
pub struct RedisLimits {
    keys: SubjectKeys,
    jobs: mpsc::Sender<Job>,
    presence: watch::Receiver<Presence>,
}

impl RedisLimits {
    /// Starts to reach the server, and does not wait for it: until it is there, it is gone. Nodes count together
    /// that have the same server and the same master key.
    ///
    /// # Errors
    /// When this machine gives no thread, or the settings make no client. Never because of the server.
    pub fn open(
        settings: SharedLimitsSettings,
        master_key: &MasterKey,
    ) -> Result<Self, OpenSharedLimitsError> {
        let client = client(&settings).map_err(OpenSharedLimitsError::Client)?;
        let (jobs, waiting) = mpsc::channel(MAX_QUEUED);
        let (published, presence) = watch::channel(Presence::Gone);
        let link = Link { client, settings, jobs: waiting, presence: published };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(OpenSharedLimitsError::Thread)?;
        std::thread::Builder::new()
            .name("shared-limits".to_owned())
            .spawn(move || runtime.block_on(link.keep()))
            .map_err(OpenSharedLimitsError::Thread)?;
        Ok(Self { keys: SubjectKeys::new(master_key), jobs, presence })
    }

    /// Whether the server answers.
    pub fn presence(&self) -> Presence {
        *self.presence.borrow()
    }

    /// Waits until the server is there, or gone.
    pub async fn reached(&self, presence: Presence) {
        // An error says that the connection has ended, after which there is nothing to wait for.
        let _ = self.presence.clone().wait_for(|now| *now == presence).await;
    }

    async fn ask(&self, takes: &[SharedTake]) -> Option<SharedAnswer> {
        if self.is_gone() {
            return None;
        }
        if takes.is_empty() {
            return Some(SharedAnswer::Within(Vec::new()));
        }
        let (answer, answered) = oneshot::channel();
        let job = Job { question: Question::new(takes, &self.keys), answer };
        self.jobs.try_send(job).ok()?;
        answered.await.ok()
    }
}

fn client(settings: &SharedLimitsSettings) -> RedisResult<Client> {
    if !settings.uses_tls() {
        return Client::open(settings.server.clone());
    }
    // An error says that the program has chosen another one, which does as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let certificates = TlsCertificates { client_tls: None, root_cert: settings.trusted_roots.clone() };
    Client::build_with_tls(settings.server.clone(), certificates)
}

impl SharedLimits for RedisLimits {
    fn take<'a>(&'a self, takes: &'a [SharedTake]) -> SharedAnswering<'a> {
        Box::pin(async move { self.ask(takes).await.unwrap_or(SharedAnswer::Gone) })
    }

    fn is_gone(&self) -> bool {
        self.presence() == Presence::Gone
    }
}

impl fmt::Debug for RedisLimits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RedisLimits").field("presence", &self.presence()).finish_non_exhaustive()
    }
}
