//! What one app has used, window by window. Pure: times come in as arguments.

use turnkeep_domain::plan::PlanLimits;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsedUnits};
use turnkeep_domain::usage_window::{UsageWindow, WindowSpan};

use super::refusal::MeterRefusal;
use super::standing::{MeteredWindow, Standing};

const MINUTE_SECONDS: i64 = 60;

/// What the authority knows of a window: its start, and the units that it has counted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KnownUse {
    pub(super) window: UsageWindow,
    pub(super) starts_at: Timestamp,
    pub(super) units: u64,
}

/// The counts of an app.
#[derive(Debug, Clone)]
pub(super) struct AppCounts {
    windows: [WindowCount; 4],
    minute: MinuteCount,
}

#[derive(Debug, Clone, Copy)]
struct WindowCount {
    window: UsageWindow,
    span: WindowSpan,
    /// What the authority has counted, of this and of other meters, as far as it told.
    known: u64,
    /// What this meter has not reported yet.
    pending: u64,
}

#[derive(Debug, Clone, Copy)]
struct MinuteCount {
    span: WindowSpan,
    requests: u64,
}

impl AppCounts {
    pub(super) fn new(now: Timestamp) -> Self {
        let windows = UsageWindow::ALL.map(|window| WindowCount {
            window,
            span: window.span_at(now),
            known: 0,
            pending: 0,
        });
        Self { windows, minute: MinuteCount { span: minute_at(now), requests: 0 } }
    }

    /// Begins every window anew that is over.
    pub(super) fn roll(&mut self, now: Timestamp) {
        for count in self.windows.iter_mut().filter(|count| !count.span.contains(now)) {
            *count = WindowCount { span: count.window.span_at(now), known: 0, pending: 0, ..*count };
        }
        if !self.minute.span.contains(now) {
            self.minute = MinuteCount { span: minute_at(now), requests: 0 };
        }
    }

    /// Whether one more request and so many units are within the limits: where the app would stand, or the limit in
    /// the way that is longest so.
    pub(super) fn judge(
        &self,
        limits: Option<&PlanLimits>,
        units: u64,
        now: Timestamp,
    ) -> Result<Vec<Standing>, MeterRefusal> {
        let Some(limits) = limits else { return Ok(Vec::new()) };
        let mut standings = Vec::new();
        let mut in_the_way: Option<(Standing, u64)> = None;
        for (standing, asked) in self.limited(limits, units, now) {
            if standing.remaining() < asked {
                if in_the_way.is_none_or(|(longest, _)| longest.resets_in < standing.resets_in) {
                    in_the_way = Some((standing, asked));
                }
            } else {
                standings.push(Standing { used: standing.used.saturating_add(asked), ..standing });
            }
        }
        match in_the_way {
            Some((standing, asked)) => Err(MeterRefusal::QuotaExceeded { standing, asked }),
            None => Ok(standings),
        }
    }

    /// Counts a take that was allowed and written down.
    pub(super) fn charge(&mut self, units: u64) {
        self.minute.requests = self.minute.requests.saturating_add(1);
        for count in &mut self.windows {
            count.pending = UsedUnits::sum(count.pending, units);
        }
    }

    /// Counts a take that was allowed, and that nobody will ever report.
    pub(super) fn charge_unrecorded(&mut self, units: u64) {
        self.minute.requests = self.minute.requests.saturating_add(1);
        for count in &mut self.windows {
            count.known = UsedUnits::sum(count.known, units);
        }
    }

    /// Counts what is still to be reported from before a restart.
    pub(super) fn recover(&mut self, event: &UsageEvent) {
        for count in self.windows_of(event) {
            count.pending = UsedUnits::sum(count.pending, event.units.get());
        }
    }

    /// The authority has counted an event, or never will.
    pub(super) fn settle(&mut self, event: &UsageEvent) {
        for count in self.windows_of(event) {
            count.pending = count.pending.saturating_sub(event.units.get());
        }
    }

    /// The authority has counted an event, and did not say what it knows of the app.
    pub(super) fn assume_known(&mut self, event: &UsageEvent) {
        for count in self.windows_of(event) {
            count.known = UsedUnits::sum(count.known, event.units.get());
        }
    }

    /// The authority said what it has counted. Within a window that never becomes less: what does is an older answer,
    /// or the authority has lost something.
    pub(super) fn learn(&mut self, known: &KnownUse) {
        let same = |count: &&mut WindowCount| {
            count.window == known.window && count.span.starts_at == known.starts_at
        };
        if let Some(count) = self.windows.iter_mut().find(same) {
            count.known = count.known.max(known.units);
        }
    }

    /// What the authority is known to have counted.
    pub(super) fn known(&self) -> [KnownUse; 4] {
        self.windows.map(|count| KnownUse {
            window: count.window,
            starts_at: count.span.starts_at,
            units: count.known,
        })
    }

    /// Whether something is still to be reported.
    pub(super) fn has_pending(&self) -> bool {
        self.windows.iter().any(|count| 0 < count.pending)
    }

    fn windows_of<'a>(&'a mut self, event: &'a UsageEvent) -> impl Iterator<Item = &'a mut WindowCount> {
        self.windows.iter_mut().filter(|count| count.span.contains(event.occurred_at))
    }

    /// Each limit with what is used of it, and how much of it is asked for.
    fn limited(
        &self,
        limits: &PlanLimits,
        units: u64,
        now: Timestamp,
    ) -> impl Iterator<Item = (Standing, u64)> {
        let requests = limits.requests_per_minute.map(|limit| {
            let used = self.minute.requests;
            (standing(MeteredWindow::Requests, self.minute.span, u64::from(limit), used, now), 1)
        });
        let units_of = limits.document_units;
        let windows = self.windows.into_iter().filter_map(move |count| {
            let limit = match count.window {
                UsageWindow::Hour => units_of.hour(),
                UsageWindow::Day => units_of.day(),
                UsageWindow::Week => units_of.week(),
                UsageWindow::Month => units_of.month(),
            };
            let used = UsedUnits::sum(count.known, count.pending);
            Some((standing(MeteredWindow::Units(count.window), count.span, limit?, used, now), units))
        });
        requests.into_iter().chain(windows)
    }
}

fn standing(window: MeteredWindow, span: WindowSpan, limit: u64, used: u64, now: Timestamp) -> Standing {
    let (length, resets_in) = (span.resets_at.since(span.starts_at), span.resets_at.since(now));
    Standing { window, limit, used, length, resets_in }
}

fn minute_at(now: Timestamp) -> WindowSpan {
    let start = now.as_secs() - now.as_secs().rem_euclid(MINUTE_SECONDS);
    WindowSpan {
        starts_at: Timestamp::from_secs(start),
        resets_at: Timestamp::from_secs(start.saturating_add(MINUTE_SECONDS)),
    }
}

#[cfg(test)]
mod tests;
