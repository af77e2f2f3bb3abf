//! What happened, with its times by the one monotonic clock of this process. It judges nothing.

use std::time::{Duration, Instant};

use super::applied::Applied;
use super::seat::Seat;

/// From before something was sent until after its answer was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) started: Instant,
    pub(super) ended: Instant,
}

impl Span {
    /// From then until now.
    pub(super) fn since(started: Instant) -> Self {
        Self { started, ended: Instant::now() }
    }

    pub(super) fn took(self) -> Duration {
        self.ended.saturating_duration_since(self.started)
    }

    /// Whether there was a moment that belongs to both.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.started <= other.ended && other.started <= self.ended
    }
}

/// A token that an app got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenTrace {
    /// Ours, across all apps.
    pub(super) number: u64,
    /// When the whole of it was here: it was decided about before.
    pub(super) received: Instant,
}

/// A node has honoured a secret or a token of an app.
#[derive(Debug, Clone, Copy)]
pub(super) struct Acceptance {
    pub(super) app: usize,
    /// The secret that was presented, or that got the token.
    pub(super) secret: u32,
    /// The token that was called active; none if a token was given.
    pub(super) token: Option<TokenTrace>,
    pub(super) span: Span,
    pub(super) seat: Option<Seat>,
}

/// What of an app is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everything, until it is revived; tokens from before for ever.
    All,
    /// A secret and what it got, for ever.
    Secret(u32),
    /// A token, for ever.
    Token(u64),
}

/// Access was taken away, as an answer has confirmed.
#[derive(Debug, Clone)]
pub(super) struct Kill {
    pub(super) app: usize,
    pub(super) scope: Scope,
    pub(super) returned: Instant,
    /// When the call that gives it back was made, if it was.
    pub(super) revived: Option<Instant>,
    pub(super) what: String,
}

/// What was wrong with an answer that had nothing to do with access that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    Unavailable,
    NoAnswer(String),
    /// 500 and the like, or a refusal of what had to be accepted.
    Wrong(String),
}

/// A request that did not get the answer that it should.
#[derive(Debug, Clone)]
pub(super) struct Blemish {
    pub(super) seat: Option<Seat>,
    pub(super) span: Span,
    pub(super) fault: Fault,
    pub(super) what: String,
}

/// A call that changes something, whatever came of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimedCall {
    pub(super) name: &'static str,
    pub(super) seat: Seat,
    pub(super) span: Span,
    /// What the answer says that it waited for.
    pub(super) applied: Option<Applied>,
}

/// How far a node may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leeway {
    /// It may say that it is unavailable.
    Unavailable,
    /// It may also take its time over a call that changes something.
    Slow,
    /// It may say nothing at all.
    Silent,
}

/// While a node was disturbed, from before the disturbance until the node said again that it is ready.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disturbance {
    pub(super) seat: Seat,
    pub(super) span: Span,
    pub(super) leeway: Leeway,
}

/// How many requests there were, so that nobody takes silence for success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) asked: u64,
    pub(super) accepted: u64,
    pub(super) refused: u64,
}

/// Everything of a phase, and the kills of those before: what is dead for ever stays so.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) kills: Vec<Kill>,
    pub(super) acceptances: Vec<Acceptance>,
    pub(super) blemishes: Vec<Blemish>,
    pub(super) calls: Vec<TimedCall>,
    pub(super) disturbances: Vec<Disturbance>,
    pub(super) counts: Counts,
    /// How many tokens were numbered.
    pub(super) tokens: u64,
}

impl Journal {
    /// A number for a token.
    pub(super) fn number_token(&mut self) -> u64 {
        self.tokens += 1;
        self.tokens
    }

    /// A number by which its revival can be noted.
    pub(super) fn kill(&mut self, kill: Kill) -> usize {
        self.kills.push(kill);
        self.kills.len() - 1
    }

    /// The call that gives back what a kill has taken is about to be made.
    pub(super) fn revive(&mut self, kill: usize) {
        if let Some(kill) = self.kills.get_mut(kill) {
            kill.revived = Some(Instant::now());
        }
    }

    /// Forgets what belongs to one phase.
    pub(super) fn end_phase(&mut self) {
        self.acceptances.clear();
        self.blemishes.clear();
        self.calls.clear();
        self.disturbances.clear();
        self.counts = Counts::default();
    }
}
