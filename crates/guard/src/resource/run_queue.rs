//! How long work waits in the queue of one thread that serves connections, and how much more of it fits.
//!
//! Such a thread works through everything that is ready, one *pass* after the other. Whoever arrives now waits for the
//! rest of the pass under way, so a pass must not become long: once passes were too long for a while, the thread is
//! *overrun*, and each of them takes only as much work as keeps it short. What is turned away in a pass costs little, so
//! nearly all of the thread goes to what is accepted. That ends once serving everybody who was turned away, and waits to
//! be told so, would not make a pass too long: until then, letting everybody in would only begin it anew. Holds nothing
//! but numbers; the time comes in as an argument, measured from any fixed point.

use std::time::Duration;

use crate::named_values::named_values;
use crate::resource::priority::Priority;

/// When a thread counts as overrun, and how short its passes are kept then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunQueueSettings {
    /// Passes longer than this are too long.
    pub longest_pass: Duration,
    /// The thread is overrun once every pass was too long for so much time.
    pub patience: Duration,
    /// It is no longer overrun once it could have served everybody for so much time.
    pub relief: Duration,
}

impl Default for RunQueueSettings {
    /// 50 ms for 100 ms; relief after a second.
    fn default() -> Self {
        Self {
            longest_pass: Duration::from_millis(50),
            patience: Duration::from_millis(100),
            relief: Duration::from_secs(1),
        }
    }
}

/// Why settings of the queue are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be like `longest_pass_ms=50, patience_ms=100, relief_ms=1000`, each once and from 1 to 60000")]
pub struct RunQueueSettingsError;

impl RunQueueSettings {
    /// Sets what a text names, such as `longest_pass_ms=50, patience_ms=100, relief_ms=1000`. The rest stays; an error
    /// changes nothing.
    pub fn set(&mut self, text: &str) -> Result<(), RunQueueSettingsError> {
        let mut set = *self;
        for (name, value) in named_values(text).ok_or(RunQueueSettingsError)? {
            let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
            let millis: u64 = value.parse().ok().filter(|_| is_number).ok_or(RunQueueSettingsError)?;
            if !(1..=60_000).contains(&millis) {
                return Err(RunQueueSettingsError);
            }
            let field = match name {
                "longest_pass_ms" => &mut set.longest_pass,
                "patience_ms" => &mut set.patience,
                "relief_ms" => &mut set.relief,
                _ => return Err(RunQueueSettingsError),
            };
            *field = Duration::from_millis(millis);
        }
        *self = set;
        Ok(())
    }
}

/// How many pieces of usual work a pass takes while the thread is overrun, as a multiple of the time of one.
const PIECES: u32 = 3;
/// A pass is never kept shorter than this.
const SHORTEST_BUDGET: Duration = Duration::from_micros(100);
/// How much a new measurement counts: one part of so many.
const SMOOTHING: u32 = 16;

/// The passes of one thread.
#[derive(Debug)]
pub struct RunQueue {
    settings: RunQueueSettings,
    pass_began: Option<Duration>,
    /// Whether the pass under way took anything.
    took_work: bool,
    /// Since when every pass was too long.
    too_long_since: Option<Duration>,
    is_overrun: bool,
    /// While overrun: since when everybody could have been served.
    relieved_since: Option<Duration>,
    /// How many were turned away in the pass under way.
    turned_away: u32,
    piece: Duration,
    least_since_asked: Option<Duration>,
}

impl RunQueue {
    /// A queue without work.
    pub fn new(settings: RunQueueSettings) -> Self {
        Self {
            settings,
            pass_began: None,
            took_work: false,
            too_long_since: None,
            is_overrun: false,
            relieved_since: None,
            turned_away: 0,
            piece: Duration::ZERO,
            least_since_asked: None,
        }
    }

    /// Work begins. Whether it is the first one of a pass: then [`Self::end_pass`] has to be called once everything
    /// that is ready now has had its turn.
    pub fn begin_work(&mut self, now: Duration) -> bool {
        let is_first = self.pass_began.is_none();
        self.pass_began.get_or_insert(now);
        is_first
    }

    /// Work ended that took so long.
    pub fn end_work(&mut self, took: Duration) {
        self.took_work = true;
        self.piece = match self.piece {
            Duration::ZERO => took,
            // A single pause of the whole machine says nothing about the work.
            usual => (usual * (SMOOTHING - 1) + took.min(usual * SMOOTHING)) / SMOOTHING,
        };
    }

    /// Everything that was ready when the pass began has had its turn. `parked` requests that were turned away wait to
    /// be told so.
    pub fn end_pass(&mut self, now: Duration, parked: u32) {
        let Some(began) = self.pass_began.take() else { return };
        self.took_work = false;
        let took = now.saturating_sub(began);
        self.least_since_asked = Some(self.least_since_asked.map_or(took, |least| least.min(took)));
        let left_out = std::mem::take(&mut self.turned_away).saturating_add(parked);
        if self.is_overrun {
            self.look_for_relief(now, took.saturating_add(self.piece.saturating_mul(left_out)));
        } else if took <= self.settings.longest_pass {
            self.too_long_since = None;
        } else if self.patience_is_over(now) {
            self.is_overrun = true;
        }
    }

    fn look_for_relief(&mut self, now: Duration, pass_of_everybody: Duration) {
        if self.settings.longest_pass < pass_of_everybody {
            self.relieved_since = None;
            return;
        }
        let since = *self.relieved_since.get_or_insert(now);
        if self.settings.relief <= now.saturating_sub(since) {
            self.is_overrun = false;
            self.relieved_since = None;
            self.too_long_since = None;
        }
    }

    /// Counted from the end of the first pass that was too long: a single one, however long, is a pause of the machine.
    fn patience_is_over(&mut self, now: Duration) -> bool {
        let since = *self.too_long_since.get_or_insert(now);
        self.settings.patience <= now.saturating_sub(since)
    }

    /// Whether the thread has more work than it can do.
    pub fn is_overrun(&self) -> bool {
        self.is_overrun
    }

    /// Whether the pass under way can take one more piece of work.
    pub fn has_room(&self, now: Duration, priority: Priority) -> bool {
        if priority == Priority::AlwaysPass || !self.is_overrun {
            return true;
        }
        // What made passes long may not be work of this kind: some of it gets done in any case.
        if !self.took_work {
            return true;
        }
        let spent = self.pass_began.map_or(Duration::ZERO, |began| now.saturating_sub(began));
        spent <= self.budget(priority)
    }

    /// Something was turned away, since there was no room.
    pub fn turn_away(&mut self) {
        self.turned_away = self.turned_away.saturating_add(1);
    }

    /// The shortest pass since this was asked last: if even that was long, all were.
    pub fn take_least_pass(&mut self) -> Option<Duration> {
        self.least_since_asked.take()
    }

    fn budget(&self, priority: Priority) -> Duration {
        let whole = (self.piece * PIECES).max(SHORTEST_BUDGET).min(self.settings.longest_pass);
        match priority {
            Priority::AlwaysPass | Priority::Token => whole,
            Priority::Introspection => whole / 2,
            Priority::Management | Priority::Dashboard => whole / 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: RunQueueSettings =
        RunQueueSettings { longest_pass: ms(25), patience: ms(100), relief: ms(1_000) };

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A pass of so many pieces of a millisecond, from `at`; returns when it ended and how many were taken.
    fn pass(queue: &mut RunQueue, mut at: Duration, pieces: u32, parked: u32) -> (Duration, u32) {
        let mut taken = 0;
        for _ in 0..pieces {
            queue.begin_work(at);
            if queue.has_room(at, Priority::Token) {
                at += ms(1);
                queue.end_work(ms(1));
                taken += 1;
            } else {
                queue.turn_away();
                at += Duration::from_micros(5);
            }
        }
        queue.end_pass(at, parked);
        (at, taken)
    }

    fn overrun() -> (RunQueue, Duration) {
        let mut queue = RunQueue::new(SETTINGS);
        let mut at = ms(0);
        for _ in 0..3 {
            at = pass(&mut queue, at, 50, 0).0;
        }
        assert!(queue.is_overrun());
        (queue, at)
    }

    #[test]
    fn settings_are_read_and_what_is_wrong_changes_nothing() {
        let mut settings = SETTINGS;
        settings.set("longest_pass_ms=7, relief_ms=60000").unwrap();
        let expected = RunQueueSettings { longest_pass: ms(7), patience: ms(100), relief: ms(60_000) };
        assert_eq!(settings, expected);
        for text in [
            "",
            "longest_pass_ms",
            "longest_pass_ms=0",
            "longest_pass_ms=+1",
            "patience_ms=60001",
            "pass_ms=1",
            "relief_ms=1, relief_ms=2",
            "relief_ms=1.5",
            "relief_ms=1,",
        ] {
            assert_eq!((settings.set(text), settings), (Err(RunQueueSettingsError), expected), "{text}");
        }
    }

    #[test]
    fn a_burst_is_served_whole() {
        let mut queue = RunQueue::new(SETTINGS);
        let (at, taken) = pass(&mut queue, ms(1), 90, 0);
        assert_eq!((taken, queue.is_overrun()), (90, false));
        let (_, taken) = pass(&mut queue, at, 5, 0);
        assert_eq!((taken, queue.is_overrun()), (5, false));
    }

    #[test]
    fn passes_are_short_once_they_were_long_for_a_while_and_the_time_still_goes_to_work() {
        let (mut queue, mut at) = overrun();
        let began = at;
        let mut taken = 0;
        for _ in 0..100 {
            let (ended, some) = pass(&mut queue, at, 50, 0);
            assert!(ended.saturating_sub(at) <= ms(5), "{:?}", ended.saturating_sub(at));
            (at, taken) = (ended, taken + some);
        }
        let spent = at.saturating_sub(began);
        assert!(spent.mul_f64(0.9) <= ms(u64::from(taken)), "{taken} pieces of 1 ms in {spent:?}");
    }

    #[test]
    fn as_long_as_many_wait_to_be_told_that_they_were_turned_away_nothing_is_over() {
        let (mut queue, mut at) = overrun();
        for _ in 0..1_000 {
            at = pass(&mut queue, at + ms(1), 3, 30).0;
        }
        assert!(queue.is_overrun());
    }

    #[test]
    fn everybody_is_served_again_after_a_second_in_which_everybody_could_have_been() {
        let (mut queue, mut at) = overrun();
        let relieved = at + ms(1_100);
        while at < relieved {
            // Ten clients that never pause: more than a short pass takes, but no queue worth the name.
            at = pass(&mut queue, at, 10, 2).0;
        }
        assert!(!queue.is_overrun());
        assert_eq!(pass(&mut queue, at, 90, 0).1, 90);
    }

    #[test]
    fn a_pass_takes_something_even_if_it_comes_to_it_late() {
        let (mut queue, at) = overrun();
        queue.begin_work(at);
        // The thread was not given the processor, or reads and writes took all of the time.
        assert!(queue.has_room(at + ms(30), Priority::Token));
        queue.end_work(ms(1));
        queue.begin_work(at + ms(31));
        assert!(!queue.has_room(at + ms(31), Priority::Token));
        queue.end_pass(at + ms(32), 0);
        queue.begin_work(at + ms(40));
        assert!(queue.has_room(at + ms(80), Priority::Token), "the next pass, too");
    }

    #[test]
    fn what_takes_access_away_always_passes_and_less_important_work_gets_a_smaller_part() {
        let (mut queue, at) = overrun();
        queue.begin_work(at);
        queue.end_work(ms(1));
        for (spent, priority, expected) in [
            (ms(1_000), Priority::AlwaysPass, true),
            (ms(3), Priority::Token, true),
            (ms(4), Priority::Token, false),
            (ms(1), Priority::Introspection, true),
            (ms(2), Priority::Introspection, false),
            (ms(1), Priority::Management, false),
        ] {
            assert_eq!(queue.has_room(at + spent, priority), expected, "{spent:?} {priority:?}");
        }
    }

    #[test]
    fn one_pause_of_the_machine_is_no_overrun() {
        let mut queue = RunQueue::new(SETTINGS);
        queue.begin_work(ms(0));
        queue.end_pass(ms(990), 0);
        assert!(!queue.is_overrun());
        // Then comes what had to wait meanwhile.
        pass(&mut queue, ms(991), 20, 0);
        pass(&mut queue, ms(1_100), 5, 0);
        queue.begin_work(ms(1_200));
        queue.end_pass(ms(2_190), 0);
        assert!(!queue.is_overrun());
        assert_eq!(queue.take_least_pass(), Some(ms(5)));
        assert_eq!(queue.take_least_pass(), None);
    }
}
