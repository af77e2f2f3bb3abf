//! A client of one address that says what each answer amounts to.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::http::{Answer, Connection, Request};
use crate::management::{Credentials, text};
use crate::random::Chance;

/// After so many requests a balancer may choose again.
const REQUESTS_PER_CONNECTION: u32 = 50;
/// Nothing that a node does may take as long.
const TIMEOUT: Duration = Duration::from_secs(15);

const INACTIVE: &str = "the token is inactive";

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome<T> {
    Accepted(T),
    /// The server has decided against it.
    Refused(String),
    /// 503 with `Retry-After`.
    Unavailable,
    /// No answer, or not a whole one.
    NoAnswer(String),
    /// An answer that no server may give, such as 500.
    Broken(String),
}

/// What an answer amounts to. `accept` reads a successful one; an answer it cannot read is a broken one.
pub(super) fn judge_answer<T>(
    answer: anyhow::Result<Answer>,
    accept: impl FnOnce(&Answer) -> anyhow::Result<Outcome<T>>,
) -> Outcome<T> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Outcome::NoAnswer(format!("{error:#}")),
    };
    let shown = || format!("{}: {}", answer.status, answer.body);
    match answer.status {
        200..=299 => {
            accept(&answer).unwrap_or_else(|error| Outcome::Broken(format!("{error:#}: {}", shown())))
        }
        503 if answer.header("retry-after").is_some() => Outcome::Unavailable,
        // What does not depend on the state of an app or its tenant: no token of ours, too many failures.
        429 => Outcome::Broken(shown()),
        400..=499 => Outcome::Refused(shown()),
        _ => Outcome::Broken(shown()),
    }
}

/// A connection to a node or to the balancer.
pub(super) struct Client {
    address: SocketAddr,
    connection: Connection,
    sent: u32,
    chance: Chance,
}

impl Client {
    pub(super) fn new(address: SocketAddr, chance: Chance) -> Self {
        let connection = Connection::with_timeout(address, TIMEOUT);
        Self { address, connection, sent: 0, chance }
    }

    /// Our end of the connection that the last request went over.
    pub(super) fn local_address(&self) -> Option<SocketAddr> {
        self.connection.local_address()
    }

    /// Makes a new connection for the next request.
    pub(super) fn reconnect(&mut self) {
        self.connection = Connection::with_timeout(self.address, TIMEOUT);
        self.sent = 0;
    }

    pub(super) fn send(&mut self, mut request: Request) -> anyhow::Result<Answer> {
        if self.sent >= REQUESTS_PER_CONNECTION {
            self.reconnect();
        }
        // Refused clients are slowed down by address, and most of ours get refused.
        let (high, low) = (self.chance.below(256), self.chance.below(256));
        request.headers.push(("X-Forwarded-For", format!("198.18.{high}.{low}")));
        self.sent += 1;
        self.connection.send(&request)
    }

    /// A request to one of the OAuth endpoints, with the client's credentials in the body.
    pub(super) fn post_form(
        &mut self,
        path: &str,
        client: &Credentials,
        form: &str,
    ) -> anyhow::Result<Answer> {
        let Credentials { client_id, client_secret } = client;
        // Nothing in it has a character that a form escapes.
        let body = format!("client_id={client_id}&client_secret={client_secret}&{form}");
        let headers = vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())];
        self.send(Request { method: "POST", path: path.to_owned(), headers, body })
    }

    /// A call of the management API. Paths are those behind `/api/v1`.
    pub(super) fn call(
        &mut self,
        token: &str,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let mut headers = vec![("Authorization", format!("Bearer {token}"))];
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(Request { method, path: format!("/api/v1{path}"), headers, body })
    }

    /// A token by client credentials.
    pub(super) fn token(&mut self, client: &Credentials) -> Outcome<String> {
        let answer = self.post_form("/connect/token", client, "grant_type=client_credentials");
        judge_answer(answer, |answer| Ok(Outcome::Accepted(text(&answer.json()?, "access_token")?)))
    }

    /// Whether a token is active: accepted if so.
    pub(super) fn introspect(&mut self, caller: &Credentials, token: &str) -> Outcome<()> {
        let answer = self.post_form("/connect/introspect", caller, &format!("token={token}"));
        let outcome =
            judge_answer(answer, |answer| match answer.json()?.get("active").and_then(Value::as_bool) {
                Some(true) => Ok(Outcome::Accepted(())),
                Some(false) => Ok(Outcome::Refused(INACTIVE.to_owned())),
                None => anyhow::bail!("introspection does not say whether the token is active"),
            });
        match outcome {
            // The caller itself is never in the way.
            Outcome::Refused(why) if why != INACTIVE => Outcome::Broken(why),
            outcome => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts_to(status: u16, retry_after: bool) -> Outcome<()> {
        let headers = if retry_after { vec![("retry-after".to_owned(), "1".to_owned())] } else { vec![] };
        judge_answer(Ok(Answer { status, headers, body: String::new() }), |_| Ok(Outcome::Accepted(())))
    }

    #[test]
    fn answers_that_no_server_may_give_are_told_from_those_it_may() {
        let broken = |status: u16| Outcome::Broken(format!("{status}: "));
        let refused = |status: u16| Outcome::Refused(format!("{status}: "));
        for (status, retry_after, expected) in [
            (200, false, Outcome::Accepted(())),
            (400, false, refused(400)),
            (401, false, refused(401)),
            (429, true, broken(429)),
            (500, false, broken(500)),
            (502, false, broken(502)),
            (503, true, Outcome::Unavailable),
            (503, false, broken(503)),
        ] {
            assert_eq!(amounts_to(status, retry_after), expected);
        }
        assert!(matches!(
            judge_answer::<()>(Err(anyhow::anyhow!("cut")), |_| Ok(Outcome::Accepted(()))),
            Outcome::NoAnswer(_)
        ));
    }
}
