//! The connection to the server, kept on a thread of its own: what goes wrong there costs no request more than the
//! patience of one answer, and nothing at all once it is known.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult, Script};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;
use turnkeep_guard::rate_limits::shared::SharedAnswer;

use crate::redis_limits::Presence;
use crate::script::{self, Question};
use crate::settings::SharedLimitsSettings;

/// How long it may take to connect.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);

/// A question on its way. Dropping it says that there is no answer.
pub(crate) struct Job {
    pub(crate) question: Question,
    pub(crate) answer: oneshot::Sender<SharedAnswer>,
}

pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) settings: SharedLimitsSettings,
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) presence: watch::Sender<Presence>,
}

/// Why a connection ended.
enum Ended {
    /// Nobody asks any more.
    Closed,
    /// The server, or the way to it, failed.
    Failed(Failure),
}

/// What went wrong, in words that say nothing of what was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no answer in time")]
    TooLate,
    #[error("{}", .0.category())]
    Redis(#[from] RedisError),
}

impl Link {
    /// Answers until nobody asks any more.
    pub(crate) async fn keep(mut self) {
        let script = script::script();
        let mut is_known_to_be_gone = false;
        loop {
            let failure = match connect(&self.client, &script).await {
                Ok(connection) => {
                    tracing::info!("the shared limits are there");
                    is_known_to_be_gone = false;
                    self.presence.send_replace(Presence::There);
                    match self.serve(&connection, &script).await {
                        Ended::Closed => return,
                        Ended::Failed(failure) => failure,
                    }
                }
                Err(failure) => failure,
            };
            self.presence.send_replace(Presence::Gone);
            if !is_known_to_be_gone {
                tracing::warn!(reason = %failure, "the shared limits are gone: each node goes on with its own");
                is_known_to_be_gone = true;
            }
            if self.pause().await.is_err() {
                return;
            }
        }
    }

    async fn serve(&mut self, connection: &MultiplexedConnection, script: &Script) -> Ended {
        let patience = self.settings.patience;
        let mut under_way = FuturesUnordered::new();
        loop {
            tokio::select! {
                job = self.jobs.recv() => match job {
                    Some(job) => under_way.push(answer(job, connection.clone(), script, patience)),
                    None => return Ended::Closed,
                },
                Some(answered) = under_way.next() => if let Err(failure) = answered {
                    return Ended::Failed(failure);
                },
            }
        }
    }

    /// Lets the server alone for a while. Fails when nobody asks any more.
    async fn pause(&mut self) -> Result<(), Closed> {
        // What was asked before everybody knew is dropped, and so answered.
        let until_closed = async { while self.jobs.recv().await.is_some() {} };
        match timeout(self.settings.retry_every, until_closed).await {
            Ok(()) => Err(Closed),
            Err(_) => Ok(()),
        }
    }
}

struct Closed;

async fn answer(
    job: Job,
    mut connection: MultiplexedConnection,
    script: &Script,
    patience: Duration,
) -> Result<(), Failure> {
    let asked = timeout(patience, job.question.ask(script, &mut connection)).await;
    let answer = asked.map_err(|_| Failure::TooLate)??;
    // Whoever asked may have gone away.
    let _ = job.answer.send(answer);
    Ok(())
}

async fn connect(client: &Client, script: &Script) -> Result<MultiplexedConnection, Failure> {
    let connecting = async {
        let config = AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        script.prepare_invoke().load_async(&mut connection).await?;
        RedisResult::Ok(connection)
    };
    Ok(timeout(CONNECT_PATIENCE, connecting).await.map_err(|_| Failure::TooLate)??)
}
