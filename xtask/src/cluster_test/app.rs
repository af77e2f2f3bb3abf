//! The apps of the test and what is known of them: their secrets, and tokens that they got.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use super::journal::TokenTrace;
use super::relay::held;
use crate::management::{Api, Credentials, text};
use crate::random::Chance;

/// How many tokens and secrets of an app are asked about again and again.
const TOKENS: usize = 100;
const SECRETS: usize = 5;
/// A token lives for 900 s; one that is active no more because it has expired would prove nothing.
const LONGEST_USE: Duration = Duration::from_secs(600);

#[derive(Debug, Clone)]
pub(super) struct Secret {
    /// Ours.
    pub(super) number: u32,
    pub(super) id: String,
    text: String,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) trace: TokenTrace,
    /// The number of the secret that got it.
    pub(super) secret: u32,
    pub(super) text: String,
}

/// An app, in a tenant and on a plan of its own.
#[derive(Debug)]
pub(super) struct App {
    /// Ours.
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) tenant: String,
    client_id: String,
    holdings: Mutex<Holdings>,
}

#[derive(Debug)]
struct Holdings {
    /// The last one is in use.
    secrets: VecDeque<Secret>,
    tokens: VecDeque<Token>,
    plan: String,
    secrets_numbered: u32,
}

impl App {
    /// Makes all of it. `name` is nobody else's.
    pub(super) fn make(api: &mut Api, number: usize, name: &str) -> anyhow::Result<Self> {
        let tenant = text(&api.create("/tenants", &json!({"name": name}))?, "id")?;
        api.act(&format!("/tenants/{tenant}/activate"))?;
        let plan = text(&api.create("/plans", &json!({"code": name, "name": name}))?, "id")?;
        api.act(&format!("/plans/{plan}/activate"))?;
        let body = json!({"tenant_id": tenant, "name": name, "region": "eu-west", "plan_id": plan});
        let app = api.create("/apps", &body)?;
        let id = text(&app, "id")?;
        let secrets = api.list(&format!("/apps/{id}/secrets"), "")?;
        let secret = Secret {
            number: 1,
            id: text(secrets.first().context("a new app has no secret")?, "id")?,
            text: text(&app, "client_secret")?,
        };
        let holdings =
            Holdings { secrets: [secret].into(), tokens: VecDeque::new(), plan, secrets_numbered: 1 };
        let client_id = text(&app, "client_id")?;
        Ok(Self { number, id, tenant, client_id, holdings: Mutex::new(holdings) })
    }

    pub(super) fn credentials(&self, secret: &Secret) -> Credentials {
        Credentials { client_id: self.client_id.clone(), client_secret: secret.text.clone() }
    }

    /// The secret in use.
    pub(super) fn secret(&self) -> anyhow::Result<Secret> {
        held(&self.holdings).secrets.back().cloned().context("an app has no secret")
    }

    /// One of the last few secrets, most of which are dead.
    pub(super) fn any_secret(&self, chance: &mut Chance) -> Option<Secret> {
        let holdings = held(&self.holdings);
        let index = chance.below(u64::try_from(holdings.secrets.len()).ok()?);
        holdings.secrets.get(usize::try_from(index).ok()?).cloned()
    }

    /// Reads a new secret from the answer to its making. It is not in use yet.
    pub(super) fn read_secret(&self, answer: &Value) -> anyhow::Result<Secret> {
        let mut holdings = held(&self.holdings);
        holdings.secrets_numbered += 1;
        let number = holdings.secrets_numbered;
        Ok(Secret { number, id: text(answer, "id")?, text: text(answer, "client_secret")? })
    }

    pub(super) fn use_secret(&self, secret: Secret) {
        let mut holdings = held(&self.holdings);
        holdings.secrets.push_back(secret);
        while holdings.secrets.len() > SECRETS {
            holdings.secrets.pop_front();
        }
    }

    /// Keeps a token, to ask about it later.
    pub(super) fn keep(&self, token: Token) {
        let mut holdings = held(&self.holdings);
        holdings.tokens.push_back(token);
        let is_over = |token: &Token| token.trace.received.elapsed() > LONGEST_USE;
        while holdings.tokens.len() > TOKENS || holdings.tokens.front().is_some_and(is_over) {
            holdings.tokens.pop_front();
        }
    }

    /// One of the tokens that were kept.
    pub(super) fn any_token(&self, chance: &mut Chance) -> Option<Token> {
        let holdings = held(&self.holdings);
        let index = chance.below(u64::try_from(holdings.tokens.len()).ok()?);
        holdings.tokens.get(usize::try_from(index).ok()?).cloned()
    }

    /// The last tokens that were here before a time.
    pub(super) fn tokens_before(&self, time: Instant, count: usize) -> Vec<Token> {
        let holdings = held(&self.holdings);
        let before = holdings.tokens.iter().rev().filter(|token| token.trace.received <= time);
        before.take(count).cloned().collect()
    }

    pub(super) fn plan(&self) -> String {
        held(&self.holdings).plan.clone()
    }

    pub(super) fn use_plan(&self, plan: String) {
        held(&self.holdings).plan = plan;
    }
}
