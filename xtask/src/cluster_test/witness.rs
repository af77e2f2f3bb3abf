//! Asks a node, or any through the balancer, and writes down what came of it.

use std::sync::Mutex;
use std::time::Instant;

use super::app::{App, Secret, Token};
use super::balancer::Balancer;
use super::client::{Client, Outcome};
use super::journal::{Acceptance, Blemish, Fault, Journal, Span, TokenTrace};
use super::relay::held;
use super::seat::Seat;
use crate::management::Credentials;

/// Where requests go.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    To(Seat),
    Through(&'a Balancer),
}

pub(super) struct Witness<'a> {
    pub(super) client: Client,
    journal: &'a Mutex<Journal>,
    /// Who may introspect every token.
    resource_server: &'a Credentials,
    way: Way<'a>,
}

impl<'a> Witness<'a> {
    pub(super) fn new(
        client: Client,
        journal: &'a Mutex<Journal>,
        resource_server: &'a Credentials,
        way: Way<'a>,
    ) -> Self {
        Self { client, journal, resource_server, way }
    }

    /// Asks for a token, which is kept.
    pub(super) fn token(&mut self, app: &App, secret: &Secret) -> Outcome<Token> {
        let started = Instant::now();
        let outcome = self.client.token(&app.credentials(secret));
        let span = Span::since(started);
        self.note_failure(&outcome, span, || format!("token for app {}", app.number));
        match outcome {
            Outcome::Accepted(text) => {
                self.note_acceptance(app, secret.number, None, span);
                let number = held(self.journal).number_token();
                let trace = TokenTrace { number, received: span.ended };
                let token = Token { trace, secret: secret.number, text };
                app.keep(token.clone());
                Outcome::Accepted(token)
            }
            Outcome::Refused(why) => Outcome::Refused(why),
            Outcome::Unavailable => Outcome::Unavailable,
            Outcome::NoAnswer(why) => Outcome::NoAnswer(why),
            Outcome::Broken(why) => Outcome::Broken(why),
        }
    }

    /// Asks whether a token is active.
    pub(super) fn introspect(&mut self, app: &App, token: &Token) -> Outcome<()> {
        let started = Instant::now();
        let outcome = self.client.introspect(self.resource_server, &token.text);
        let span = Span::since(started);
        self.note_failure(&outcome, span, || format!("introspection for app {}", app.number));
        if outcome == Outcome::Accepted(()) {
            self.note_acceptance(app, token.secret, Some(token.trace), span);
        }
        outcome
    }

    /// Notes a refusal of what had to be accepted.
    pub(super) fn demand<T>(&mut self, outcome: &Outcome<T>, what: &str) {
        if let Outcome::Refused(why) = outcome {
            self.note(
                Fault::Wrong(format!("wrongly refused: {why}")),
                Span::since(Instant::now()),
                what.to_owned(),
            );
        }
    }

    /// Notes what nobody may answer, and what only a disturbed node may.
    pub(super) fn note_failure<T>(
        &mut self,
        outcome: &Outcome<T>,
        span: Span,
        what: impl FnOnce() -> String,
    ) {
        let mut journal = held(self.journal);
        journal.counts.asked += 1;
        let fault = match outcome {
            Outcome::Accepted(_) => {
                journal.counts.accepted += 1;
                return;
            }
            Outcome::Refused(_) => {
                journal.counts.refused += 1;
                return;
            }
            Outcome::Unavailable => Fault::Unavailable,
            Outcome::NoAnswer(why) => Fault::NoAnswer(why.clone()),
            Outcome::Broken(why) => Fault::Wrong(why.clone()),
        };
        drop(journal);
        self.note(fault, span, what());
    }

    fn note(&mut self, fault: Fault, span: Span, what: String) {
        let seat = self.seat();
        held(self.journal).blemishes.push(Blemish { seat, span, fault, what });
        // Another node may do better.
        self.client.reconnect();
    }

    fn note_acceptance(&mut self, app: &App, secret: u32, token: Option<TokenTrace>, span: Span) {
        let seat = self.seat();
        let acceptance = Acceptance { app: app.number, secret, token, span, seat };
        held(self.journal).acceptances.push(acceptance);
    }

    fn seat(&self) -> Option<Seat> {
        match self.way {
            Way::To(seat) => Some(seat),
            Way::Through(balancer) => balancer.route(self.client.local_address()?),
        }
    }
}
