//! Listening, serving, and stopping without dropping what is under way.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::{App, HttpServer, rt, web};
use anyhow::{Context, anyhow};
use turnkeep_service::audit::prune_trail::prune_expired;
use turnkeep_service::authority::Authority;
use turnkeep_service::cluster::following::Following;
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;
use turnkeep_service::registry::look_after_secrets::look_after_secrets;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_web::routes::configure;
use turnkeep_web::state::{WebSettings, WebState};

use crate::configuration::ServerConfiguration;

/// How often notes are written to the database.
const BOOKKEEPING: Duration = Duration::from_secs(2);
/// After so many rounds of bookkeeping, signing keys are looked at: every minute.
const ROUNDS_PER_KEY_CHECK: u32 = 30;
/// After so many rounds, secrets that are about to expire are looked at: every hour, and soon after the start.
const ROUNDS_PER_SECRET_CHECK: u32 = 1_800;
/// After so many rounds, old events leave the audit trails if they are not to be kept: every day, since each time
/// leaves a segment, and soon after the start.
const ROUNDS_PER_PRUNING: u32 = 43_200;
/// How long a client may take to send the head of its request.
const SLOW_CLIENT: Duration = Duration::from_secs(5);
/// How long requests under way may take to end once the server is told to stop.
const SHUTDOWN_SECONDS: u64 = 30;

/// Takes the port, before anything is made that would be useless without it.
pub(crate) fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}: stop what uses it, or choose another with --listen")
    })
}

/// The configured base URL, or the address that was listened on.
pub(crate) fn base_url(
    configuration: &ServerConfiguration,
    listener: &TcpListener,
) -> anyhow::Result<BaseUrl> {
    match &configuration.base_url {
        Some(base_url) => Ok(base_url.clone()),
        None => {
            let address = listener.local_addr().context("cannot tell which port was taken")?;
            BaseUrl::parse(&format!("http://{address}")).map_err(|error| anyhow!("base_url: {error}"))
        }
    }
}

/// Serves until the process is told to stop, then finishes what is under way. `started` runs once requests are
/// accepted.
pub(crate) fn serve(
    configuration: &ServerConfiguration,
    authority: &Arc<Authority>,
    listener: TcpListener,
    started: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let settings =
        WebSettings { trusted_proxies: configuration.trusted_proxies.clone(), ..WebSettings::default() };
    let state = web::Data::new(WebState::new(Arc::clone(authority), settings));
    let following = Following::start(authority, poll(&configuration.data.database));
    let housekeeping = Housekeeping::start(Arc::clone(authority), configuration.audit_retention);
    let served = rt::System::new().block_on(async {
        let server =
            HttpServer::new(move || App::new().configure(|services| configure(services, state.clone())))
                .workers(configuration.workers)
                .client_request_timeout(SLOW_CLIENT)
                .shutdown_timeout(SHUTDOWN_SECONDS)
                .disable_signals()
                .listen(listener)
                .context("cannot serve on the port")?
                .run();
        for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
            let mut received = signal(kind).context("cannot wait for signals")?;
            let handle = server.handle();
            rt::spawn(async move {
                received.recv().await;
                tracing::info!("stopping: finishing what is under way");
                handle.stop(true).await;
            });
        }
        let running = rt::spawn(server);
        started()?;
        running.await.context("the server ended unexpectedly")?.context("the server failed")
    });
    housekeeping.stop();
    following.stop();
    authority.keep_books().context("the last notes could not be written")?;
    served
}

/// How often a node looks for changes that nobody has told it of. A file is looked at in microseconds.
fn poll(database: &DatabaseUrl) -> Duration {
    match database.sqlite_path() {
        Some(_) => Duration::from_millis(100),
        None => Duration::from_millis(200),
    }
}

fn look_after(authority: &Authority) {
    match look_after_secrets(authority) {
        Ok(done) if done.warned == 0 => {}
        Ok(done) => tracing::warn!(secrets = done.warned, "client secrets expire soon: see the audit trail"),
        Err(fault) => tracing::warn!(error = %fault, "expiring secrets could not be looked at"),
    }
}

fn prune(authority: &Authority, keep: Duration) {
    match prune_expired(authority, keep) {
        Ok(0) => {}
        Ok(events) => tracing::info!(events, "old events left the audit trails"),
        Err(fault) => tracing::warn!(error = %fault, "the audit trails could not be pruned"),
    }
}

/// A thread for what has to happen now and then.
struct Housekeeping {
    stop: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Housekeeping {
    fn start(authority: Arc<Authority>, audit_retention: Option<Duration>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut round = 0_u32;
            while stopped.recv_timeout(BOOKKEEPING) == Err(mpsc::RecvTimeoutError::Timeout) {
                round = round.wrapping_add(1);
                if let Err(fault) = authority.keep_books() {
                    tracing::warn!(error = %fault, given_up = authority.notes_given_up(), "notes could not be written");
                }
                if round.is_multiple_of(ROUNDS_PER_KEY_CHECK)
                    && let Err(fault) = rotate_due_keys(&authority)
                {
                    tracing::error!(error = %fault, "signing keys could not be rotated");
                }
                if round % ROUNDS_PER_SECRET_CHECK == 1 {
                    look_after(&authority);
                }
                if let Some(keep) = audit_retention
                    && round % ROUNDS_PER_PRUNING == 1
                {
                    prune(&authority, keep);
                }
            }
        });
        Self { stop, thread }
    }

    fn stop(self) {
        drop(self.stop);
        // A panic there has been reported by the thread itself.
        let _ = self.thread.join();
    }
}
