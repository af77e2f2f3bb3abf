//! The tokens of one app: what all nodes have issued to it as far as this one knows, and what this one has not written
//! down yet.
//!
//! On the path of every token, so that it does nothing but count: no database, no waiting for one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::{QuotaWindow, TokenRequestLimits};
use turnkeep_policy::decide_token_quota::{
    TokenQuotaDecision, TokenQuotaExceeded, TokenQuotaFacts, decide_token_quota,
};
use turnkeep_storage::token_counts::{CountedApp, RefusalCount, TokenCount, TokenTotals};

use crate::tokens::admission::NotAdmitted;

/// How many hours of an app wait to be written at most, if the database is away for as long; of more, the oldest are
/// given up.
const HOURS_WAITING: usize = 48;

/// How many numbers of refusals of an app, one for each reason and hour, wait at most; of more, the oldest are given
/// up. Enough for every reason in several hours.
const REFUSALS_WAITING: usize = 256;

/// A clock that was set back by so much does not begin an hour anew.
const SET_BACK: Duration = Duration::from_secs(3_600);

/// One more token, or a refusal: counted already.
#[derive(Debug)]
#[must_use]
pub(crate) struct Taken {
    pub(crate) decision: TokenQuotaDecision,
    /// Whether nothing like it was decided before in this hour.
    pub(crate) is_news: bool,
    hour_start: Timestamp,
}

/// What other nodes, or this one before it was started, have issued has to be read first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TotalsUnknown;

/// Counts the tokens of an app.
#[derive(Debug)]
pub(crate) struct AppTokens {
    pub(crate) app: CountedApp,
    tally: Mutex<Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    /// The hour that all numbers are about; none before the first token.
    hour_start: Option<Timestamp>,
    /// Issued by all nodes, as far as it is known; with what is not written yet.
    totals: TokenTotals,
    /// Whether what is stored was read.
    is_based: bool,
    is_limited: bool,
    unwritten: Numbers,
    /// Hours that were over before they were written, oldest first.
    earlier: Vec<TokenCount>,
    /// How often the app was refused in an hour for a reason; not written yet.
    refusals: BTreeMap<(Timestamp, &'static str), u64>,
    /// When the app last reached the end of its quota, and whether it was refused.
    last_news: Option<(Timestamp, bool)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Numbers {
    issued: u64,
    refused: u64,
    would_refuse: u64,
}

impl AppTokens {
    pub(crate) fn new(app: CountedApp) -> Self {
        Self { app, tally: Mutex::default() }
    }

    /// Decides about one more token and counts what came of it.
    pub(crate) fn take(&self, limits: &TokenRequestLimits, now: Timestamp) -> Result<Taken, TotalsUnknown> {
        let mut tally = self.lock();
        let hour_start = tally.enter_hour(self.app, now);
        tally.is_limited = limits.has_quota();
        if tally.is_limited && !tally.is_based {
            return Err(TotalsUnknown);
        }
        let decision = decide_token_quota(&TokenQuotaFacts {
            limits: *limits,
            issued_in_hour: tally.totals.in_hour,
            issued_on_day: tally.totals.in_day,
            now,
        });
        let is_news = match decision {
            TokenQuotaDecision::Within => {
                tally.add_issued();
                false
            }
            TokenQuotaDecision::WouldExceed(_) => {
                tally.add_issued();
                tally.unwritten.would_refuse += 1;
                tally.is_news(hour_start, false)
            }
            TokenQuotaDecision::Exceeded(_) => {
                tally.unwritten.refused += 1;
                tally.add_refusals(hour_start, TokenQuotaExceeded::CODE, 1);
                tally.is_news(hour_start, true)
            }
        };
        Ok(Taken { decision, is_news, hour_start })
    }

    /// The token that was taken is not issued after all.
    pub(crate) fn give_back(&self, taken: &Taken) {
        let mut tally = self.lock();
        let would_refuse = match taken.decision {
            TokenQuotaDecision::Within => 0,
            TokenQuotaDecision::WouldExceed(_) => 1,
            TokenQuotaDecision::Exceeded(_) => return,
        };
        if tally.hour_start == Some(taken.hour_start) {
            let (unwritten, totals) = (tally.unwritten, tally.totals);
            tally.unwritten.issued = unwritten.issued.saturating_sub(1);
            tally.unwritten.would_refuse = unwritten.would_refuse.saturating_sub(would_refuse);
            tally.totals.in_hour = totals.in_hour.saturating_sub(1);
            tally.totals.in_day = totals.in_day.saturating_sub(1);
        }
    }

    /// There was no room for the app.
    pub(crate) fn note_not_admitted(&self, now: Timestamp) {
        let mut tally = self.lock();
        let hour_start = tally.enter_hour(self.app, now);
        tally.unwritten.refused += 1;
        tally.add_refusals(hour_start, NotAdmitted::CODE, 1);
    }

    /// The app, or whoever took its name, was refused for a reason that has nothing to do with how often it asks.
    pub(crate) fn note_refused(&self, now: Timestamp, code: &'static str) {
        let mut tally = self.lock();
        let hour_start = tally.enter_hour(self.app, now);
        tally.add_refusals(hour_start, code, 1);
    }

    /// The hour that what is stored has to be read of.
    pub(crate) fn hour_start(&self) -> Option<Timestamp> {
        self.lock().hour_start
    }

    /// What is stored, read after everything that was drained before was written.
    pub(crate) fn settle(&self, hour_start: Timestamp, stored: TokenTotals) {
        let mut tally = self.lock();
        if tally.hour_start == Some(hour_start) {
            let unwritten = tally.unwritten.issued;
            tally.totals.in_hour = stored.in_hour.saturating_add(unwritten);
            tally.totals.in_day = stored.in_day.saturating_add(unwritten);
            tally.is_based = true;
        }
    }

    /// Whether something waits to be written.
    pub(crate) fn is_dirty(&self) -> bool {
        self.lock().is_dirty()
    }

    /// Whether something waits that should not wait any longer: what counts against a quota, and hours that are over.
    pub(crate) fn is_urgent(&self) -> bool {
        let tally = self.lock();
        tally.is_dirty() && (tally.is_limited || !tally.earlier.is_empty())
    }

    /// Whether somebody wants to know what other nodes have issued.
    pub(crate) fn is_limited(&self) -> bool {
        self.lock().is_limited
    }

    /// Takes out what waits to be written.
    pub(crate) fn drain(&self) -> Vec<TokenCount> {
        let mut tally = self.lock();
        tally.close_hour(self.app);
        std::mem::take(&mut tally.earlier)
    }

    /// Puts back what could not be written.
    pub(crate) fn restore(&self, counts: Vec<TokenCount>) {
        let mut tally = self.lock();
        for count in counts.into_iter().rev() {
            if tally.hour_start == Some(count.hour_start) {
                tally.unwritten.issued += count.issued;
                tally.unwritten.refused += count.refused;
                tally.unwritten.would_refuse += count.would_refuse;
            } else {
                tally.earlier.insert(0, count);
            }
        }
        tally.bound();
    }

    /// The same for refusals.
    pub(crate) fn drain_refusals(&self) -> Vec<RefusalCount> {
        let refusals = std::mem::take(&mut self.lock().refusals);
        let count = |((hour_start, code), refused)| RefusalCount { app: self.app, hour_start, code, refused };
        refusals.into_iter().map(count).collect()
    }

    /// The same for refusals.
    pub(crate) fn restore_refusals(&self, counts: Vec<RefusalCount>) {
        let mut tally = self.lock();
        for RefusalCount { hour_start, code, refused, .. } in counts {
            tally.add_refusals(hour_start, code, refused);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    /// The hour that counts now.
    fn enter_hour(&mut self, app: CountedApp, now: Timestamp) -> Timestamp {
        let hour_start = QuotaWindow::Hour.start(now);
        if let Some(present) = self.hour_start {
            let was_set_back = hour_start < present && present.since(hour_start) <= SET_BACK;
            if present == hour_start || was_set_back {
                return present;
            }
            self.close_hour(app);
            self.totals.in_hour = 0;
            if QuotaWindow::Day.start(present) != QuotaWindow::Day.start(hour_start) {
                self.totals.in_day = 0;
            }
        }
        self.hour_start = Some(hour_start);
        hour_start
    }

    fn close_hour(&mut self, app: CountedApp) {
        let Numbers { issued, refused, would_refuse } = std::mem::take(&mut self.unwritten);
        if let Some(hour_start) = self.hour_start
            && 0 < issued + refused + would_refuse
        {
            self.earlier.push(TokenCount { app, hour_start, issued, refused, would_refuse });
            self.bound();
        }
    }

    fn bound(&mut self) {
        let too_many = self.earlier.len().saturating_sub(HOURS_WAITING);
        self.earlier.drain(..too_many);
    }

    fn add_issued(&mut self) {
        self.unwritten.issued += 1;
        self.totals.in_hour = self.totals.in_hour.saturating_add(1);
        self.totals.in_day = self.totals.in_day.saturating_add(1);
    }

    fn add_refusals(&mut self, hour_start: Timestamp, code: &'static str, refused: u64) {
        let number = self.refusals.entry((hour_start, code)).or_default();
        *number = number.saturating_add(refused);
        while REFUSALS_WAITING < self.refusals.len() {
            self.refusals.pop_first();
        }
    }

    fn is_news(&mut self, hour_start: Timestamp, refused: bool) -> bool {
        self.last_news.replace((hour_start, refused)) != Some((hour_start, refused))
    }

    fn is_dirty(&self) -> bool {
        self.unwritten != Numbers::default() || !self.earlier.is_empty() || !self.refusals.is_empty()
    }
}

#[cfg(test)]
#[path = "app_tokens/tests.rs"]
mod tests;
