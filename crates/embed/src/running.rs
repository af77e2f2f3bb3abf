//! An authority that serves: its routes, and the threads that keep it in step and its books.

use std::sync::Arc;

use actix_web::web;
use actix_web::web::ServiceConfig;
use turnkeep_guard::resource::resource_guard::{ResourceGuard, ResourceGuardSettings, Sampling};
use turnkeep_mail::queue::MailThread;
use turnkeep_service::authority::Authority;
use turnkeep_service::cluster::following::Following;
use turnkeep_service::failure::Fault;
use turnkeep_web::routes::{configure, configure_beside};
use turnkeep_web::state::WebState;

use crate::housekeeping::Housekeeping;
use crate::logout_delivery::LogoutDelivery;
use crate::turnkeep::Turnkeep;

/// An authority in service. [`stop`](Self::stop) it after the last request; dropping it does the same, and logs
/// what [`stop`](Self::stop) returns. Both block for as long as the database takes.
#[must_use = "when it is dropped, requests are refused"]
pub struct Running {
    authority: Arc<Authority>,
    state: web::Data<WebState>,
    threads: Option<Threads>,
}

/// What goes on beside the requests.
struct Threads {
    housekeeping: Housekeeping,
    logout_delivery: LogoutDelivery,
    following: Following,
    mail_thread: Option<MailThread>,
    /// Ends when it is dropped.
    _sampling: Option<Sampling>,
}

impl Running {
    pub(crate) fn start(turnkeep: Turnkeep) -> Self {
        let Turnkeep { authority, web: settings, guard, shared_limits, mail_thread, poll, audit_retention } =
            turnkeep;
        let state = web::Data::new(WebState::new(Arc::clone(&authority), settings));
        if let Some(shared) = shared_limits {
            state.share_limits(Arc::new(shared));
        }
        let following = Following::start(&authority, poll);
        let housekeeping = Housekeeping::start(Arc::clone(&authority), audit_retention);
        let logout_delivery = LogoutDelivery::start(&authority);
        let sampling = sample(&state, &guard);
        let threads = Threads { housekeeping, logout_delivery, following, mail_thread, _sampling: sampling };
        Self { authority, state, threads: Some(threads) }
    }

    /// The authority itself: the first argument of every use case of `turnkeep-service`.
    pub fn authority(&self) -> &Arc<Authority> {
        &self.authority
    }

    /// For [`App::configure`](actix_web::App::configure), at the root of an application that serves more than this:
    /// requests to other paths go on to the application's own routes, which may come before or after. Below
    /// `/connect`, `/api/v1` and `/i`, a path that leads nowhere is answered here.
    pub fn routes(&self) -> impl Fn(&mut ServiceConfig) + Clone + Send + Sync + use<> {
        let state = self.state.clone();
        move |services| configure_beside(services, state.clone())
    }

    /// The same for an application that serves nothing else: every other path is a 404 in the form of the
    /// management API, with the headers that all answers have.
    pub fn exclusive_routes(&self) -> impl Fn(&mut ServiceConfig) + Clone + Send + Sync + use<> {
        let state = self.state.clone();
        move |services| configure(services, state.clone())
    }

    /// To be called before the HTTP server is told to stop: it waits for all requests under way, and those that wait
    /// for the next kill mark could take 30 seconds. They are answered at once, and none waits from then on.
    pub fn poll_release(&self) -> impl Fn() + Clone + Send + Sync + use<> {
        let state = self.state.clone();
        move || state.stop_waiting()
    }

    /// Leaves the cluster and writes the last notes. From now on requests are refused with 503.
    pub fn stop(mut self) -> Result<(), Fault> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(Threads { housekeeping, logout_delivery, following, mail_thread, .. }) = self.threads.take()
        else {
            return Ok(());
        };
        logout_delivery.stop();
        housekeeping.stop();
        following.stop();
        let closed = self.authority.close_books();
        // The last notes may have been of mail to send.
        drop(mail_thread);
        closed
    }
}

/// Watches the load, if need be without writing it down. A server that cannot do that serves all the same.
fn sample(state: &web::Data<WebState>, settings: &ResourceGuardSettings) -> Option<Sampling> {
    let load = || {
        let sampled = state.clone();
        Box::new(move || sampled.load())
    };
    let started = ResourceGuard::start(settings, load()).or_else(|error| {
        let cause: &dyn std::error::Error = &error;
        tracing::error!(error = cause, "the load of this node is not written down");
        ResourceGuard::start(&ResourceGuardSettings { recording: None, ..settings.clone() }, load())
    });
    match started {
        Ok((guard, sampling)) => {
            state.watch_by(guard);
            Some(sampling)
        }
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "the load of this node is not watched");
            None
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(fault) = self.end() {
            tracing::error!(error = %fault, "the last notes could not be written");
        }
    }
}
