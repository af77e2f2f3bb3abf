//! Takes access away from one app, looks on every node whether it is gone, and gives it back.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::app::{App, Secret, Token};
use super::applied::Applied;
use super::arena::Arena;
use super::client::{Client, Outcome, judge_answer};
use super::journal::{Kill, Span, TimedCall};
use super::kill::{Call, Kind};
use super::relay::held;
use super::seat::{PerSeat, Seat};
use super::witness::{Way, Witness};
use crate::http::Answer;
use crate::management::text;
use crate::random::Chance;

/// The operator's token lives for 900 s.
const OPERATOR_TOKEN_USE: Duration = Duration::from_secs(300);
/// Longer than any disturbance lasts. A second secret lives that long beside the first.
const OVERLAP: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a call is repeated where it may fail.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether a call may fail at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    None,
    /// It is repeated until it succeeds.
    Some,
}

/// What a call does if it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It changes something, and has to say what it waited for.
    Change,
    /// One that went unanswered may have done it before.
    PerhapsThereBefore,
}

pub(super) struct Lane<'a> {
    arena: &'a Arena,
    app: &'a App,
    witnesses: PerSeat<Witness<'a>>,
    operators: PerSeat<Option<(String, Instant)>>,
    pub(super) chance: Chance,
}

/// An app that every node has just served.
pub(super) struct Armed {
    kind: Kind,
    secret: Secret,
    /// The secret that takes over.
    heir: Option<Secret>,
    /// By the node that gave them.
    tokens: PerSeat<Token>,
    /// Whose token is the one to be revoked.
    doomed: Seat,
}

/// An app whose access was taken away.
pub(super) struct Killed {
    armed: Armed,
    /// None if the call has failed, and nobody knows what came of it.
    confirmed: Option<(usize, Instant)>,
}

impl<'a> Lane<'a> {
    pub(super) fn new(arena: &'a Arena, app: &'a App, mut chance: Chance) -> anyhow::Result<Self> {
        let witnesses = PerSeat::try_make(|seat| {
            let client = Client::new(*arena.addresses.at(seat), chance.fork());
            Ok(Witness::new(client, &arena.journal, &arena.resource_server, Way::To(seat)))
        })?;
        Ok(Self { arena, app, witnesses, operators: PerSeat::default(), chance })
    }

    /// Any node.
    pub(super) fn any_seat(&mut self) -> anyhow::Result<Seat> {
        self.chance.choose(&Seat::ALL).copied().context("there are no nodes")
    }

    /// Has every node serve the app, so that all of them know it. `stepped` is a node whose clock is wrong: what it
    /// thinks of the tokens of others is not judged, nor what they think of its own.
    pub(super) fn arm(&mut self, kind: Kind, stepped: Option<Seat>) -> anyhow::Result<Armed> {
        let secret = self.app.secret()?;
        let heir = match kind {
            Kind::RevokeSecret => {
                let via = self.any_seat()?;
                let path = format!("/apps/{}/secrets", self.app.id);
                let body = json!({"overlap_seconds": OVERLAP.as_secs()});
                let answer = self.must(via, "add secret", ("POST", path, Some(body)))?;
                Some(self.app.read_secret(&answer)?)
            }
            _ => None,
        };
        let app = self.app;
        let tokens = PerSeat::try_make(|seat| {
            let outcome = self.witnesses.at_mut(seat).token(app, &secret);
            accepted(outcome).with_context(|| format!("{} gives app {} no token", seat.name(), app.number))
        })?;
        let doomed = self.any_seat()?;
        for (issuer, seat) in Seat::ALL.into_iter().flat_map(|issuer| Seat::ALL.map(|seat| (issuer, seat))) {
            let is_seen = seat == issuer || seat == issuer.next() || issuer == doomed;
            if !is_seen {
                continue;
            }
            let outcome = self.witnesses.at_mut(seat).introspect(app, tokens.at(issuer));
            let is_judged = seat == issuer || ![Some(seat), Some(issuer)].contains(&stepped);
            if is_judged {
                accepted(outcome).with_context(|| {
                    format!("{} does not know the token of {}", seat.name(), issuer.name())
                })?;
            }
        }
        Ok(Armed { kind, secret, heir, tokens, doomed })
    }

    /// Takes access away by way of a node.
    pub(super) fn kill(&mut self, armed: Armed, via: Seat, patience: Patience) -> anyhow::Result<Killed> {
        let kind = armed.kind;
        let begin = Instant::now();
        let mut is_in_doubt = false;
        let answer = loop {
            let effect = if is_in_doubt { Effect::PerhapsThereBefore } else { Effect::Change };
            match self.kill_once(&armed, via, effect) {
                Outcome::Accepted(answer) => break answer,
                // A step that was taken before cannot be taken again.
                Outcome::Refused(_) if is_in_doubt => return Ok(Killed { armed, confirmed: None }),
                Outcome::Unavailable | Outcome::NoAnswer(_)
                    if patience == Patience::Some && begin.elapsed() < PATIENCE =>
                {
                    is_in_doubt = true;
                    thread::sleep(Duration::from_millis(20));
                }
                outcome => bail!("{} by way of {}: {outcome:?}", kind.name(), via.name()),
            }
        };
        let returned = Instant::now();
        let scope = kind.scope(&armed.secret, armed.tokens.at(armed.doomed));
        let what = format!("{} by way of {}", kind.name(), via.name());
        let kill = Kill { app: self.app.number, scope, returned, revived: None, what };
        let number = held(&self.arena.journal).kill(kill);
        if kind == Kind::Regenerate {
            self.app.use_secret(self.app.read_secret(&answer)?);
        }
        if let Some(heir) = &armed.heir {
            self.app.use_secret(heir.clone());
        }
        Ok(Killed { armed, confirmed: Some((number, returned)) })
    }

    fn kill_once(&mut self, armed: &Armed, via: Seat, effect: Effect) -> Outcome<Value> {
        let name = armed.kind.name();
        match armed.kind.call(self.app, &armed.secret) {
            Some(call) => self.call(via, name, call, effect),
            None => {
                let credentials = self.app.credentials(&armed.secret);
                let form = format!("token={}", armed.tokens.at(armed.doomed).text);
                let send = |client: &mut Client| client.post_form("/connect/revoke", &credentials, &form);
                self.timed(via, name, effect, send)
            }
        }
    }

    /// Asks a node for everything that is gone. If the node is well, also for what is still there.
    pub(super) fn probe(&mut self, seat: Seat, killed: &Killed, is_well: bool) -> anyhow::Result<()> {
        let Killed { armed, confirmed } = killed;
        let (app, witness) = (self.app, self.witnesses.at_mut(seat));
        if armed.kind != Kind::RevokeToken {
            let _ = witness.token(app, &armed.secret);
        }
        let issuers = [seat, seat.next().next(), armed.doomed];
        let slipped_out = confirmed.map(|(_, returned)| app.tokens_before(returned, 2)).unwrap_or_default();
        for token in issuers.into_iter().map(|issuer| armed.tokens.at(issuer)).chain(&slipped_out) {
            let _ = witness.introspect(app, token);
        }
        if !is_well {
            return Ok(());
        }
        match armed.kind {
            Kind::Regenerate | Kind::RevokeSecret => {
                let outcome = witness.token(app, &app.secret()?);
                witness.demand(&outcome, "token for the secret that takes over");
            }
            Kind::RevokeToken => {
                let outcome = witness.token(app, &armed.secret);
                witness.demand(&outcome, "token after another one was revoked");
                if seat != armed.doomed {
                    let outcome = witness.introspect(app, armed.tokens.at(seat));
                    witness.demand(&outcome, "introspection of a token beside the revoked one");
                }
            }
            Kind::Disable | Kind::Suspend | Kind::Retire | Kind::Hold | Kind::Pretend => {}
        }
        Ok(())
    }

    /// Asks a node for a token with the secret that was in use.
    pub(super) fn ask_again(&mut self, seat: Seat, killed: &Killed) -> Outcome<()> {
        match self.witnesses.at_mut(seat).token(self.app, &killed.armed.secret) {
            Outcome::Accepted(_) => Outcome::Accepted(()),
            Outcome::Refused(why) => Outcome::Refused(why),
            Outcome::Unavailable => Outcome::Unavailable,
            Outcome::NoAnswer(why) => Outcome::NoAnswer(why),
            Outcome::Broken(why) => Outcome::Broken(why),
        }
    }

    /// Asks every node for everything that is gone.
    pub(super) fn probe_all(&mut self, killed: &Killed) -> anyhow::Result<()> {
        Seat::ALL.into_iter().try_for_each(|seat| self.probe(seat, killed, true))
    }

    /// Gives access back by way of whichever node.
    pub(super) fn revive_by_any(&mut self, killed: &Killed) -> anyhow::Result<()> {
        let via = self.any_seat()?;
        self.revive(killed, via)
    }

    /// Gives access back.
    pub(super) fn revive(&mut self, killed: &Killed, via: Seat) -> anyhow::Result<()> {
        if let Some((number, _)) = killed.confirmed
            && killed.is_revived_later()
        {
            held(&self.arena.journal).revive(number);
        }
        if let Some(call) = killed.armed.kind.undo(self.app) {
            self.must(via, "give back", call)?;
        }
        if killed.armed.kind == Kind::Retire {
            let name = format!("{}-{}", self.app.id, held(&self.arena.journal).number_token());
            let body = json!({"code": name.replace('_', "-"), "name": name});
            let made = self.must(via, "make plan", ("POST", "/plans".to_owned(), Some(body)))?;
            let plan = text(&made, "id")?;
            self.must(via, "activate plan", ("POST", format!("/plans/{plan}/activate"), None))?;
            let path = format!("/apps/{}/plan", self.app.id);
            self.must(via, "assign plan", ("PUT", path, Some(json!({"plan_id": plan}))))?;
            self.app.use_plan(plan);
        }
        Ok(())
    }

    /// Changes something that nobody's access depends on.
    pub(super) fn edit(&mut self, via: Seat) -> Outcome<Value> {
        let body = json!({"name": format!("Edited {}", self.chance.below(u64::MAX))});
        self.call(via, "edit", ("PATCH", format!("/apps/{}", self.app.id), Some(body)), Effect::Change)
    }

    /// The node's clock is another one now, and judges tokens otherwise.
    pub(super) fn forget_operator(&mut self, seat: Seat) {
        *self.operators.at_mut(seat) = None;
    }

    fn must(&mut self, via: Seat, name: &'static str, call: Call) -> anyhow::Result<Value> {
        let outcome = self.call(via, name, call, Effect::Change);
        accepted(outcome).with_context(|| format!("{name} by way of {}", via.name()))
    }

    fn call(&mut self, via: Seat, name: &'static str, call: Call, effect: Effect) -> Outcome<Value> {
        let (method, path, body) = call;
        match self.operator(via) {
            Outcome::Accepted(token) => {
                let send = |client: &mut Client| client.call(&token, method, &path, body.as_ref());
                self.timed(via, name, effect, send)
            }
            Outcome::Refused(why) => Outcome::Broken(why),
            Outcome::Unavailable => Outcome::Unavailable,
            Outcome::NoAnswer(why) => Outcome::NoAnswer(why),
            Outcome::Broken(why) => Outcome::Broken(why),
        }
    }

    fn operator(&mut self, via: Seat) -> Outcome<String> {
        let known = self.operators.at_mut(via);
        if let Some((token, since)) = known
            && since.elapsed() < OPERATOR_TOKEN_USE
        {
            return Outcome::Accepted(token.clone());
        }
        let outcome = self.witnesses.at_mut(via).client.token(&self.arena.operator);
        if let Outcome::Accepted(token) = &outcome {
            *known = Some((token.clone(), Instant::now()));
        }
        outcome
    }

    fn timed(
        &mut self,
        via: Seat,
        name: &'static str,
        effect: Effect,
        send: impl FnOnce(&mut Client) -> anyhow::Result<Answer>,
    ) -> Outcome<Value> {
        let witness = self.witnesses.at_mut(via);
        let started = Instant::now();
        let answer = send(&mut witness.client);
        let span = Span::since(started);
        let mut applied = None;
        let outcome = judge_answer(answer, |answer| {
            applied = answer.header("turnkeep-applied").map(Applied::parse).transpose()?;
            ensure!(
                applied.is_some() || effect == Effect::PerhapsThereBefore,
                "it does not say what it waited for"
            );
            let body = if answer.body.is_empty() { Value::Null } else { answer.json()? };
            Ok(Outcome::Accepted(body))
        });
        held(&self.arena.journal).calls.push(TimedCall { name, seat: via, span, applied });
        witness.note_failure(&outcome, span, || name.to_owned());
        outcome
    }
}

impl Killed {
    /// What is dead for ever has no revival.
    fn is_revived_later(&self) -> bool {
        match self.armed.kind {
            Kind::Disable | Kind::Suspend | Kind::Retire | Kind::Hold | Kind::Pretend => true,
            Kind::Regenerate | Kind::RevokeSecret | Kind::RevokeToken => false,
        }
    }
}

fn accepted<T: std::fmt::Debug>(outcome: Outcome<T>) -> anyhow::Result<T> {
    match outcome {
        Outcome::Accepted(found) => Ok(found),
        other => bail!("{other:?}"),
    }
}
