//! The books of a meter: the journal, and the counts that it comes to, which change together.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use turnkeep_domain::id::AppId;
use turnkeep_domain::plan::PlanLimits;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsedUnits};

use super::app_counts::KnownUse;
use super::charge::Charge;
use super::counts::Counts;
use super::journal::{AppendError, Journal};
use super::known_use::KnownUses;
use super::refusal::MeterRefusal;
use super::segment::{self, SegmentName, Summed, Take};
use super::settings::{MeterSettings, WhenUnrecorded};
use super::status::{MeterStatus, ReportError};
use super::usage_endpoint::{MAX_EVENTS, ReportAnswer};

/// Codes with which the authority refuses an event that it may accept later: an app may be given scopes of this
/// resource server, and its clock goes on.
const MAY_PASS: [&str; 2] = ["unknown_app", "in_the_future"];

/// The books, for whoever takes and for whoever reports.
pub(super) struct Books {
    state: Mutex<State>,
    when_unrecorded: WhenUnrecorded,
}

/// Which events are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Those that were not refused before.
    New,
    /// All.
    All,
}

struct State {
    journal: Journal,
    counts: Counts,
    figures: Figures,
}

#[derive(Default)]
struct Figures {
    unreported_units: u64,
    reported_units: u64,
    refused_units: u64,
    uncounted_units: u64,
    damaged_lines: u64,
    last_report: Option<Instant>,
    failures: u32,
    last_error: Option<ReportError>,
}

impl Books {
    /// Opens the books in a folder, with what an earlier meter has left there. `None` if another one has the folder.
    pub(super) fn open(
        folder: &Path,
        settings: &MeterSettings,
        now: Timestamp,
    ) -> io::Result<Option<(Self, KnownUses)>> {
        let Some(journal) = Journal::open(folder, settings)? else { return Ok(None) };
        let mut counts = Counts::new(settings.remembered_apps);
        let now = counts.steady(now);
        for (app_id, known) in KnownUses::read(folder)? {
            // What does not fit is known again when its app is reported.
            if let Ok(app) = counts.app(app_id, now) {
                known.iter().for_each(|known| app.learn(known));
            }
        }
        let known = KnownUses::write(folder, &counts.known())?;
        let mut state = State { journal, counts, figures: Figures::default() };
        for name in state.journal.not_summed() {
            let summed = segment::close(folder, &name)?;
            for event in &summed.events {
                let units = event.units.get();
                state.figures.unreported_units = state.figures.unreported_units.saturating_add(units);
                if let Ok(app) = state.counts.app(event.app_id, now) {
                    app.recover(event);
                }
            }
            state.summed(name, &summed);
        }
        let books = Self { state: Mutex::new(state), when_unrecorded: settings.when_unrecorded };
        Ok(Some((books, known)))
    }

    /// Takes units: judges, writes down, counts. `Ok` also says whether there is something to report at once.
    pub(super) fn take(
        &self,
        app_id: AppId,
        limits: Option<&PlanLimits>,
        units: u64,
        now: Timestamp,
    ) -> Result<(Charge, bool), MeterRefusal> {
        let mut state = self.state();
        let state = &mut *state;
        let now = state.counts.steady(now);
        let app = state.counts.app(app_id, now).map_err(|_| MeterRefusal::TooManyApps)?;
        let standings = app.judge(limits, units, now)?;
        // A request that takes nothing is only a request.
        let appended = match UsedUnits::new(units) {
            Ok(units) => state.journal.append(&Take { app_id, at: now, units }),
            Err(_) => Ok(false),
        };
        match (appended, self.when_unrecorded) {
            (Ok(is_due), _) => {
                app.charge(units);
                state.figures.unreported_units = state.figures.unreported_units.saturating_add(units);
                Ok((Charge { units, recorded: true, standings }, is_due))
            }
            (Err(AppendError::Full), WhenUnrecorded::Refuse) => Err(MeterRefusal::JournalFull),
            (Err(AppendError::Failed), WhenUnrecorded::Refuse) => Err(MeterRefusal::JournalFailed),
            (Err(AppendError::Full | AppendError::Failed), WhenUnrecorded::GoOn) => {
                app.charge_unrecorded(units);
                state.figures.uncounted_units = state.figures.uncounted_units.saturating_add(units);
                Ok((Charge { units, recorded: false, standings }, false))
            }
        }
    }

    /// Begins a round: closes the segment that is being written unless older ones are waiting, so that while the
    /// authority is down segments become long and few; the closed ones that have to be summed up.
    pub(super) fn close_segments(
        &self,
        due: Due,
        report_every: Duration,
        now: Timestamp,
    ) -> Vec<SegmentName> {
        let journal = &mut self.state().journal;
        match due {
            Due::All => {
                journal.resume();
                journal.close_active();
            }
            Due::New => {
                let is_waiting = journal.unsettled().any(|unsettled| !unsettled.deferred);
                if !is_waiting && journal.not_summed().is_empty() {
                    journal.close_active_in_time(report_every, now);
                }
            }
        }
        journal.not_summed()
    }

    /// Says what a closed segment comes to.
    pub(super) fn summed(&self, name: SegmentName, summed: &Summed) {
        self.state().summed(name, summed);
    }

    /// What is due, the oldest first, as much as fits into a report.
    pub(super) fn due(&self) -> Vec<UsageEvent> {
        let state = self.state();
        let due = state.journal.unsettled().filter(|unsettled| !unsettled.deferred);
        due.take(MAX_EVENTS).map(|unsettled| unsettled.event.clone()).collect()
    }

    /// The authority has answered; what is known of the apps now.
    pub(super) fn settle(
        &self,
        events: &[UsageEvent],
        answer: &ReportAnswer,
        now: Timestamp,
    ) -> Vec<(AppId, [KnownUse; 4])> {
        let mut state = self.state();
        let now = state.counts.steady(now);
        let mut deferred: HashMap<&str, usize> = HashMap::new();
        for event in events {
            match answer.refused.get(event.id.as_str()).map(String::as_str) {
                Some(code) if MAY_PASS.contains(&code) => {
                    *deferred.entry(code).or_default() += 1;
                    state.journal.defer(&event.id);
                }
                Some(code) => state.refused(event, code, now),
                None => state.counted(event, answer.apps.contains_key(&event.app_id), now),
            }
        }
        for (code, events) in deferred {
            tracing::warn!(code, events, "the authority does not accept usage for now");
        }
        for (app_id, known) in &answer.apps {
            if let Some(app) = state.counts.remembered(*app_id, now) {
                known.iter().for_each(|known| app.learn(known));
            }
        }
        state.figures.last_report = Some(Instant::now());
        let mut apps: HashMap<AppId, [KnownUse; 4]> = HashMap::new();
        for event in events {
            if let Some(app) = state.counts.remembered(event.app_id, now) {
                apps.insert(event.app_id, app.known());
            }
        }
        apps.into_iter().collect()
    }

    /// What is known of all apps.
    pub(super) fn known(&self) -> Vec<(AppId, [KnownUse; 4])> {
        self.state().counts.known()
    }

    /// Segments that are not needed any more.
    pub(super) fn settled_segments(&self) -> Vec<SegmentName> {
        self.state().journal.settled()
    }

    /// A segment's file is gone.
    pub(super) fn forget(&self, name: SegmentName) {
        self.state().journal.forget(name);
    }

    /// A round of reports went well; how many had failed before it.
    pub(super) fn succeeded(&self) -> u32 {
        let figures = &mut self.state().figures;
        figures.last_error = None;
        std::mem::take(&mut figures.failures)
    }

    /// A round of reports failed; how many have in a row.
    pub(super) fn failed(&self, error: ReportError) -> u32 {
        let figures = &mut self.state().figures;
        figures.last_error = Some(error);
        figures.failures = figures.failures.saturating_add(1);
        figures.failures
    }

    /// How many rounds have failed in a row.
    pub(super) fn failures(&self) -> u32 {
        self.state().figures.failures
    }

    pub(super) fn status(&self, now: Timestamp) -> MeterStatus {
        let state = self.state();
        let deferred = state.journal.unsettled().filter(|unsettled| unsettled.deferred);
        let figures = &state.figures;
        MeterStatus {
            unreported_units: figures.unreported_units,
            oldest: state.journal.oldest().map(|oldest| now.since(oldest)),
            journal_bytes: state.journal.bytes(),
            last_report: figures.last_report.map(|last| last.elapsed()),
            failures: figures.failures,
            last_error: figures.last_error,
            reported_units: figures.reported_units,
            refused_units: figures.refused_units,
            deferred_units: deferred.fold(0, |sum, event| sum.saturating_add(event.event.units.get())),
            uncounted_units: figures.uncounted_units,
            damaged_lines: figures.damaged_lines,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can fail happens between two changes that belong together.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn summed(&mut self, name: SegmentName, summed: &Summed) {
        if 0 < summed.damaged_lines {
            tracing::warn!(segment = %name, lines = summed.damaged_lines, "the usage journal is damaged");
        }
        self.figures.damaged_lines = self.figures.damaged_lines.saturating_add(summed.damaged_lines);
        self.journal.summed(name, summed);
    }

    fn counted(&mut self, event: &UsageEvent, told: bool, now: Timestamp) {
        if let Some(app) = self.counts.remembered(event.app_id, now) {
            app.settle(event);
            if !told {
                app.assume_known(event);
            }
        }
        self.done(event);
        self.figures.reported_units = self.figures.reported_units.saturating_add(event.units.get());
    }

    fn refused(&mut self, event: &UsageEvent, code: &str, now: Timestamp) {
        let units = event.units.get();
        tracing::error!(app_id = %event.app_id, units, code, "the authority refuses usage, and it is lost");
        if let Some(app) = self.counts.remembered(event.app_id, now) {
            app.settle(event);
        }
        self.done(event);
        self.figures.refused_units = self.figures.refused_units.saturating_add(units);
    }

    fn done(&mut self, event: &UsageEvent) {
        if self.journal.settle(&event.id).is_some() {
            self.figures.unreported_units = self.figures.unreported_units.saturating_sub(event.units.get());
        }
    }
}
