//! What is measured: which server, which of its answers.

use anyhow::{Context, bail, ensure};

use super::fleet::Fleet;
use super::running_server::RunningServer;
use crate::http::{self, Answer};

/// A signature algorithm of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Es256,
    EdDsa,
    Rs256,
}

impl Algorithm {
    pub(super) const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];

    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.option() == text);
        known.with_context(|| format!("no algorithm `{text}`; there are es256, eddsa and rs256"))
    }

    /// How it is written in options, scopes and paths.
    const fn option(self) -> &'static str {
        match self {
            Self::Es256 => "es256",
            Self::EdDsa => "eddsa",
            Self::Rs256 => "rs256",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    /// `{"alg":"ES25` and so on in base 64, with which our tokens begin.
    const fn token_start(self) -> &'static str {
        match self {
            Self::Es256 => "eyJhbGciOiJFUzI1",
            Self::EdDsa => "eyJhbGciOiJFZERT",
            Self::Rs256 => "eyJhbGciOiJSUzI1",
        }
    }
}

/// What a server is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// The cheapest answer that the server has: the prototype's is empty, `turnkeep` says that it is alive.
    Floor,
    /// Form, lookup, secret, claims and JSON, but no signature.
    Unsigned,
    /// A token.
    Token(Algorithm),
    /// What is told of a token of ES256 to an app that serves its resource.
    Introspection,
}

impl Lane {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Floor => "cheapest answer",
            Self::Unsigned => "form and JSON, no signature",
            Self::Token(algorithm) => algorithm.name(),
            Self::Introspection => "introspection",
        }
    }

    /// What is added to a request's body: the scope, which decides the algorithm.
    pub(super) fn suffix(self) -> String {
        match self {
            Self::Floor | Self::Introspection => String::new(),
            Self::Unsigned => format!("&scope=bench.{}", Algorithm::Es256.option()),
            Self::Token(algorithm) => format!("&scope=bench.{}", algorithm.option()),
        }
    }

    /// What every answer has in it.
    pub(super) const fn expected(self) -> Option<&'static str> {
        match self {
            Self::Floor => None,
            Self::Unsigned | Self::Token(_) => Some(r#""access_token":""#),
            Self::Introspection => Some(r#""active":true"#),
        }
    }

    /// The lane of the prototype that this one is held against: its own, or what comes nearest to it.
    pub(super) const fn yardstick(self) -> Self {
        match self {
            Self::Introspection => Self::Unsigned,
            Self::Floor | Self::Unsigned | Self::Token(_) => self,
        }
    }

    /// Makes sure that what is going to be measured is what it should be.
    pub(super) fn check_answer(self, server: &RunningServer, fleet: &Fleet) -> anyhow::Result<()> {
        let (address, path) = (server.address(), server.subject().path(self));
        let Some(forms) = fleet.forms(self) else {
            let answer = http::get(address, &path)?;
            ensure!(answer.status == 200, "answered {}: {}", answer.status, answer.body);
            return Ok(());
        };
        let forms = forms.read()?;
        for form in [forms.first(), forms.last()] {
            let answer = http::post_form(address, &path, form.context("there is no request body")?)?;
            self.check_content(&answer)?;
        }
        Ok(())
    }

    fn check_content(self, answer: &Answer) -> anyhow::Result<()> {
        match self {
            Self::Unsigned | Self::Token(_) => self.check_token(answer),
            Self::Floor | Self::Introspection => {
                let Answer { status, body, .. } = answer;
                let is_right = self.expected().is_none_or(|expected| body.contains(expected));
                ensure!(*status == 200 && is_right, "answered {status}: {body}");
                Ok(())
            }
        }
    }

    /// A token of the right algorithm.
    pub(super) fn check_token(self, answer: &Answer) -> anyhow::Result<()> {
        let Answer { status, body, .. } = answer;
        ensure!(*status == 200, "answered {status}: {body}");
        let json: serde_json::Value = serde_json::from_str(body).context("the answer is not JSON")?;
        let token =
            json.get("access_token").and_then(serde_json::Value::as_str).context("no access token")?;
        let start = match self {
            Self::Token(algorithm) => algorithm.token_start(),
            Self::Unsigned => Algorithm::Es256.token_start(),
            Self::Floor | Self::Introspection => bail!("there is no token in this answer"),
        };
        let parts = token.split('.').count();
        ensure!(parts == 3 && token.starts_with(start), "the access token is not a JWS of {}", self.name());
        Ok(())
    }
}

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// `turnkeep serve`.
    Server,
    /// The bare prototype.
    Prototype,
}

impl Subject {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Server => "turnkeep",
            Self::Prototype => "prototype",
        }
    }

    pub(super) const fn program(self) -> &'static str {
        match self {
            Self::Server => "turnkeep",
            Self::Prototype => "turnkeep-bench",
        }
    }

    pub(super) fn describe(self, lane: Lane) -> String {
        let what = match (self, lane) {
            (Self::Prototype, Lane::Floor) => "empty answer",
            (Self::Server, Lane::Floor) => "liveness",
            (Self::Prototype | Self::Server, _) => lane.name(),
        };
        format!("{}, {what}", self.name())
    }

    /// Answers 200 to a GET once the server is ready.
    pub(super) const fn ready_path(self) -> &'static str {
        match self {
            Self::Server => "/health/ready",
            Self::Prototype => "/empty",
        }
    }

    pub(super) fn path(self, lane: Lane) -> String {
        match (self, lane) {
            (Self::Server, Lane::Floor) => "/health/live".to_owned(),
            (Self::Server, Lane::Unsigned | Lane::Token(_)) => "/connect/token".to_owned(),
            (Self::Server, Lane::Introspection) => "/connect/introspect".to_owned(),
            (Self::Prototype, Lane::Floor) => "/empty".to_owned(),
            // It has no introspection; this is its yardstick.
            (Self::Prototype, Lane::Unsigned | Lane::Introspection) => "/token/unsigned".to_owned(),
            (Self::Prototype, Lane::Token(algorithm)) => format!("/token/{}", algorithm.option()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_of_the_right_algorithm_passes() {
        let answer = |status, body: &str| Answer { status, headers: Vec::new(), body: body.to_owned() };
        let lane = Lane::Token(Algorithm::EdDsa);
        let good = r#"{"access_token":"eyJhbGciOiJFZERTQSJ9.e30.c2ln","expires_in":900}"#;
        assert!(lane.check_token(&answer(200, good)).is_ok());
        for (status, body) in [
            (400, good),
            (200, ""),
            (200, r#"{"error":"invalid_client"}"#),
            (200, r#"{"access_token":"tkpat_opaque"}"#),
            (200, r#"{"access_token":"eyJhbGciOiJFZERTQSJ9.e30"}"#),
            (200, r#"{"access_token":"eyJhbGciOiJFUzI1NiJ9.e30.c2ln"}"#),
        ] {
            assert!(lane.check_token(&answer(status, body)).is_err(), "{status} {body}");
        }
    }

    #[test]
    fn only_a_live_token_passes_introspection() {
        let answer = |status, body: &str| Answer { status, headers: Vec::new(), body: body.to_owned() };
        for (status, body, passes) in [
            (200, r#"{"active":true,"iss":"i"}"#, true),
            (200, r#"{"active":false}"#, false),
            (401, r#"{"active":true}"#, false),
        ] {
            let checked = Lane::Introspection.check_content(&answer(status, body));
            assert_eq!(checked.is_ok(), passes, "{status} {body}");
        }
    }
}
