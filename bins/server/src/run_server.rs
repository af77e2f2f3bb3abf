//! Listening, serving, and stopping without dropping what is under way.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::middleware::{Condition, from_fn};
use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::{App, HttpServer, rt};
use anyhow::Context;
use turnkeep_embed::turnkeep::Turnkeep;

use crate::configuration::ServerConfiguration;
use crate::open_files;
use crate::trace_export::exporter::TraceExport;
use crate::trace_export::remote_parent::within_callers_trace;

/// How long a client may take to send the head of its request.
const SLOW_CLIENT: Duration = Duration::from_secs(5);
/// How many connections may wait until they are accepted, as far as the system allows: those that come when there is no
/// room are tried again by the client after a second.
const BACKLOG: i32 = 4_096;
/// How long requests under way may take to end once the server is told to stop.
const SHUTDOWN_SECONDS: u64 = 30;

/// Takes the port, before anything is made that would be useless without it.
pub(crate) fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}: stop what uses it, or choose another with --listen")
    })?;
    // Binding has asked for 128; to ask again changes it.
    rustix::net::listen(&listener, BACKLOG).with_context(|| format!("cannot listen on {address}"))?;
    Ok(listener)
}

/// Serves until the process is told to stop, then finishes what is under way. `started` runs once requests are
/// accepted.
pub(crate) fn serve(
    configuration: &ServerConfiguration,
    turnkeep: Turnkeep,
    listeners: Vec<TcpListener>,
    traces: Option<TraceExport>,
    started: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    open_files::allow_many();
    let running = turnkeep.start();
    let (routes, release_polls) = (running.exclusive_routes(), running.poll_release());
    let served = rt::System::new().block_on(async {
        let is_traced = traces.is_some();
        let server = HttpServer::new(move || {
            App::new().wrap(Condition::new(is_traced, from_fn(within_callers_trace))).configure(&routes)
        });
        let mut server = server
            .workers(configuration.workers)
            .client_request_timeout(SLOW_CLIENT)
            .shutdown_timeout(SHUTDOWN_SECONDS)
            .disable_signals();
        for listener in listeners {
            server = server.listen(listener).context("cannot serve on the port")?;
        }
        let server = server.run();
        for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
            let mut received = signal(kind).context("cannot wait for signals")?;
            let (handle, release_polls) = (server.handle(), release_polls.clone());
            rt::spawn(async move {
                received.recv().await;
                tracing::info!("stopping: finishing what is under way");
                release_polls();
                handle.stop(true).await;
            });
        }
        let under_way = rt::spawn(server);
        started()?;
        under_way.await.context("the server ended unexpectedly")?.context("the server failed")
    });
    let stopped = running.stop().context("the last notes could not be written");
    if let Some(traces) = traces {
        traces.stop();
    }
    stopped?;
    served
}
