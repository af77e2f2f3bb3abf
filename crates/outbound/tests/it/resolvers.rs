//! Resolvers that say what a test wants.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use turnkeep_outbound::allow_list::AllowList;
use turnkeep_outbound::client::{GuardedClient, Limits};
use turnkeep_outbound::resolver::Resolver;

/// Gives its answers one after the other, then none, and remembers what it was asked.
pub(crate) struct Scripted {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Scripted {
    pub(crate) fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let answers = answers.iter().rev().map(parse).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: Mutex::default() })
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Resolver for Scripted {
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.lock().unwrap().push(name.to_owned());
        self.answers.lock().unwrap().pop().ok_or_else(|| io::Error::other("no such host"))
    }
}

/// A client whose time is long enough never to be the reason for a failure.
pub(crate) fn patient_client(allowed: &[&str], resolver: Arc<dyn Resolver>) -> GuardedClient {
    let minute = std::time::Duration::from_secs(60);
    client_with(allowed, resolver, Limits { connect: minute, total: minute, body_bytes: 1024 })
}

pub(crate) fn client_with(allowed: &[&str], resolver: Arc<dyn Resolver>, limits: Limits) -> GuardedClient {
    GuardedClient::new(AllowList::parse(allowed.iter().copied()).unwrap(), resolver, limits)
}
