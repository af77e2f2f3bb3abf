//! Tells apps of logouts, through the guard of `turnkeep-outbound`: soon after a session has ended here, and every few
//! seconds, since it may have ended on another node.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_outbound::allow_list::AllowList;
use turnkeep_outbound::logout_client::LogoutClient;
use turnkeep_service::authority::Authority;
use turnkeep_service::logout::deliver_logout::{DeliverLogout, DeliveryOutcome};
use turnkeep_service::logout::deliver_notices::{Deliveries, deliver_notices};

/// How often it is looked for notices that nobody has rung for.
const EVERY: Duration = Duration::from_secs(3);

/// The delivery of a running server.
pub(crate) struct GuardedLogoutDelivery(LogoutClient);

impl GuardedLogoutDelivery {
    /// Reaches the public internet, and what the operator has listed.
    pub(crate) fn new(allow_list: AllowList) -> Self {
        Self(LogoutClient::new(allow_list))
    }
}

impl DeliverLogout for GuardedLogoutDelivery {
    fn may_reach(&self, uri: &BackchannelLogoutUri) -> bool {
        self.0.may_reach(uri.as_str())
    }

    fn deliver(&self, uri: &BackchannelLogoutUri, logout_token: &str) -> DeliveryOutcome {
        match self.0.tell(uri.as_str(), logout_token) {
            Ok(()) => DeliveryOutcome::Delivered,
            Err(cause) => {
                // For the operator only: neither the address nor the token.
                tracing::debug!(%cause, "an app was not told of a logout");
                DeliveryOutcome::Failed
            }
        }
    }
}

/// The thread that delivers.
pub(crate) struct LogoutDelivery {
    authority: Arc<Authority>,
    is_stopped: Arc<AtomicBool>,
    thread: thread::JoinHandle<()>,
}

impl LogoutDelivery {
    pub(crate) fn start(authority: &Arc<Authority>) -> Self {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (working, stop) = (Arc::clone(authority), Arc::clone(&is_stopped));
        let thread = thread::spawn(move || {
            while !stop.load(Ordering::Acquire) {
                if !deliver(&working) {
                    working.wait_for_logout(EVERY);
                }
            }
        });
        Self { authority: Arc::clone(authority), is_stopped, thread }
    }

    /// Waits for attempts under way, which take some seconds at most.
    pub(crate) fn stop(self) {
        self.is_stopped.store(true, Ordering::Release);
        self.authority.wake_logout_delivery();
        // A panic there has been reported by the thread itself.
        let _ = self.thread.join();
    }
}

/// Whether there may be more to do at once.
fn deliver(authority: &Authority) -> bool {
    match deliver_notices(authority) {
        Ok(Deliveries { given_up, is_more_due, .. }) => {
            if given_up != 0 {
                tracing::warn!(notices = given_up, "apps could not be told of logouts: see the audit trail");
            }
            is_more_due
        }
        Err(fault) => {
            tracing::warn!(error = %fault, "apps could not be told of logouts for now");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn only_an_app_that_the_operator_has_listed_is_told_on_this_computer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let uri = BackchannelLogoutUri::parse(&format!("http://{place}/logout")).unwrap();
        let app = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut request, mut buffer) = (String::new(), [0; 1024]);
            while !request.ends_with("logout_token=a.b.c") {
                let count = stream.read(&mut buffer).unwrap();
                assert_ne!(count, 0, "{request}");
                request.push_str(std::str::from_utf8(buffer.get(..count).unwrap()).unwrap());
            }
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        });
        let closed = GuardedLogoutDelivery::new(AllowList::empty());
        assert!(!closed.may_reach(&uri));
        assert_eq!(closed.deliver(&uri, "a.b.c"), DeliveryOutcome::Failed);
        let open = GuardedLogoutDelivery::new(AllowList::parse([place.as_str()]).unwrap());
        assert!(open.may_reach(&uri));
        assert_eq!(open.deliver(&uri, "a.b.c"), DeliveryOutcome::Delivered);
        app.join().unwrap();
    }
}
