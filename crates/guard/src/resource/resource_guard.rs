//! The state of this node for everybody who serves: one atomic to read, written by a thread that samples the machine.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::resource::guard_core::GuardCore;
use crate::resource::guard_state::GuardState;
use crate::resource::load::Load;
use crate::resource::machine::Machine;
use crate::resource::recording::{LARGEST_RECORDING, RecordingFile, RecordingState};
use crate::resource::sample::Sample;
use crate::resource::signal::Signal;
use crate::resource::thresholds::GuardThresholds;

/// What the guard goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceGuardSettings {
    /// From where on a signal stands for which state.
    pub thresholds: GuardThresholds,
    /// The time between two samples.
    pub interval: Duration,
    /// A file to append each sample to.
    pub recording: Option<PathBuf>,
}

impl Default for ResourceGuardSettings {
    /// Four samples a second, which nobody writes down.
    fn default() -> Self {
        Self { thresholds: GuardThresholds::default(), interval: Duration::from_millis(250), recording: None }
    }
}

/// Why there is no guard.
#[derive(Debug, thiserror::Error)]
pub enum ResourceGuardError {
    /// The file of the recording cannot be opened.
    #[error("cannot open the recording of samples")]
    Recording(#[source] io::Error),
    /// There is no thread for it.
    #[error("cannot start the thread that samples the machine")]
    Thread(#[source] io::Error),
}

/// The state of this node. Share it.
#[derive(Debug)]
pub struct ResourceGuard {
    /// The position in [`GuardState::ALL`].
    state: AtomicU8,
    /// How often each state was entered, in the order of [`GuardState::ALL`].
    entered: [AtomicU64; 4],
    thresholds: GuardThresholds,
    latest: Mutex<Latest>,
}

#[derive(Debug)]
struct Latest {
    sample: Option<Sample>,
    binding: Option<Signal>,
    recording: RecordingState,
    since: Instant,
}

/// A guard whose state never changes, for tests and for servers without one.
pub fn fixed(state: GuardState) -> Arc<ResourceGuard> {
    Arc::new(ResourceGuard::new(state, GuardThresholds::default(), RecordingState::Off))
}

impl ResourceGuard {
    /// Starts to sample this machine, on a thread of its own. `load` is asked before each sample.
    pub fn start(
        settings: &ResourceGuardSettings,
        load: Box<dyn Fn() -> Load + Send>,
    ) -> Result<(Arc<Self>, Sampling), ResourceGuardError> {
        let recording = match &settings.recording {
            Some(path) => {
                let file = RecordingFile::open(path, LARGEST_RECORDING);
                Some(file.map_err(ResourceGuardError::Recording)?)
            }
            None => None,
        };
        let is_recorded = if recording.is_some() { RecordingState::On } else { RecordingState::Off };
        let guard = Arc::new(Self::new(GuardState::Normal, settings.thresholds, is_recorded));
        let sampler = Sampler {
            core: GuardCore::new(settings.thresholds),
            machine: Machine::here(),
            load,
            recording,
            guard: Arc::clone(&guard),
        };
        let sampling = Sampling::start(sampler, settings.interval).map_err(ResourceGuardError::Thread)?;
        Ok((guard, sampling))
    }

    fn new(state: GuardState, thresholds: GuardThresholds, recording: RecordingState) -> Self {
        let latest = Latest { sample: None, binding: None, recording, since: Instant::now() };
        Self {
            state: AtomicU8::new(position(state)),
            entered: Default::default(),
            thresholds,
            latest: Mutex::new(latest),
        }
    }

    /// The state as of the last sample.
    pub fn state(&self) -> GuardState {
        let position = self.state.load(Ordering::Relaxed);
        GuardState::ALL.get(usize::from(position)).copied().unwrap_or_default()
    }

    /// What it goes by.
    pub fn thresholds(&self) -> &GuardThresholds {
        &self.thresholds
    }

    /// The last sample; none before the first.
    pub fn latest(&self) -> Option<Sample> {
        self.lock().sample
    }

    /// For how long it has been in its state.
    pub fn since(&self) -> Duration {
        self.lock().since.elapsed()
    }

    /// Which signal made the state so; none in the best one.
    pub fn binding(&self) -> Option<Signal> {
        self.lock().binding
    }

    /// How often a state was entered.
    pub fn transitions(&self, state: GuardState) -> u64 {
        self.entered.get(usize::from(position(state))).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Whether samples are written down.
    pub fn recording(&self) -> RecordingState {
        self.lock().recording
    }

    fn publish(&self, state: GuardState, binding: Option<Signal>, sample: Sample, recording: RecordingState) {
        let mut latest = self.lock();
        if state != self.state() {
            latest.since = Instant::now();
            self.state.store(position(state), Ordering::Relaxed);
            if let Some(count) = self.entered.get(usize::from(position(state))) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        latest.sample = Some(sample);
        latest.binding = binding;
        latest.recording = recording;
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn position(state: GuardState) -> u8 {
    match state {
        GuardState::Normal => 0,
        GuardState::Slow => 1,
        GuardState::Defer => 2,
        GuardState::Reject => 3,
    }
}

struct Sampler {
    core: GuardCore,
    machine: Machine,
    load: Box<dyn Fn() -> Load + Send>,
    recording: Option<RecordingFile>,
    guard: Arc<ResourceGuard>,
}

impl Sampler {
    fn take(&mut self, at: Duration) {
        let sample = self.machine.sample(at, (self.load)());
        let state = self.core.observe(&sample);
        let recording = self.recording.as_mut().map_or(RecordingState::Off, |file| file.append(&sample));
        self.guard.publish(state, self.core.binding(), sample, recording);
    }
}

/// The thread that samples. It ends when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Sampling {
    /// Nothing is ever sent: that it is gone is the message.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sampling {
    fn start(mut sampler: Sampler, interval: Duration) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new().name("resource-guard".to_owned());
        let thread = thread.spawn(move || run(&mut sampler, interval, &stopped))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

fn run(sampler: &mut Sampler, interval: Duration, stopped: &Receiver<()>) {
    let start = Instant::now();
    loop {
        sampler.take(start.elapsed());
        if stopped.recv_timeout(interval) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::resource::recording::parse_line;

    const MS: Duration = Duration::from_millis(1);

    fn load(delay: Duration) -> Load {
        Load { in_flight: 1, in_flight_limit: 10, queue_delay: delay, turned_away: None }
    }

    fn sampler(guard: &Arc<ResourceGuard>, load: impl Fn() -> Load + Send + 'static) -> Sampler {
        Sampler {
            core: GuardCore::new(GuardThresholds::default()),
            machine: Machine::with_roots(Path::new("/nowhere"), Path::new("/nowhere")),
            load: Box::new(load),
            recording: None,
            guard: Arc::clone(guard),
        }
    }

    #[test]
    fn a_fixed_guard_is_what_it_was_told_to_be() {
        for state in GuardState::ALL {
            let guard = fixed(state);
            assert_eq!((guard.state(), guard.latest(), guard.binding()), (state, None, None));
        }
    }

    #[test]
    fn everybody_sees_the_state_its_reason_and_how_often_it_changed() {
        let guard = fixed(GuardState::Normal);
        let delay = Arc::new(Mutex::new(Duration::ZERO));
        let mut sampler = sampler(&guard, {
            let delay = Arc::clone(&delay);
            move || load(*delay.lock().unwrap())
        });
        for (second, milliseconds, state, binding) in [
            (1, 0, GuardState::Normal, None),
            (2, 2_000, GuardState::Reject, Some(Signal::QueueDelay)),
            (3, 0, GuardState::Reject, Some(Signal::QueueDelay)),
            (4, 0, GuardState::Defer, Some(Signal::QueueDelay)),
            (5, 5_000, GuardState::Reject, Some(Signal::QueueDelay)),
        ] {
            *delay.lock().unwrap() = milliseconds * MS;
            sampler.take(second * 1_000 * MS);
            assert_eq!((guard.state(), guard.binding()), (state, binding), "{second}");
            assert_eq!(guard.latest().unwrap().queue_delay, milliseconds * MS);
        }
        assert_eq!(GuardState::ALL.map(|state| guard.transitions(state)), [0, 0, 1, 2]);
    }

    #[test]
    fn the_thread_samples_until_it_is_dropped() {
        let (sent, asked) = channel();
        let load = move || {
            // Nobody may listen any more.
            let _ = sent.send(());
            load(2_000 * MS)
        };
        let settings = ResourceGuardSettings { interval: MS, ..ResourceGuardSettings::default() };
        let (guard, sampling) = ResourceGuard::start(&settings, Box::new(load)).unwrap();
        // When it is asked for the third time, two samples are done.
        (0..3).for_each(|_| asked.recv().unwrap());
        assert_eq!(guard.state(), GuardState::Reject);
        assert_eq!(guard.latest().map(|sample| sample.in_flight), Some(1));
        drop(sampling);
        // Ends only if nobody can ask for the load any more.
        asked.iter().for_each(drop);
        assert_eq!(Arc::strong_count(&guard), 1, "the thread has let go of it");
    }

    #[test]
    fn samples_are_written_down_where_that_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording.jsonl");
        let settings = ResourceGuardSettings {
            interval: Duration::from_secs(3_600),
            recording: Some(path.clone()),
            ..ResourceGuardSettings::default()
        };
        let (guard, sampling) = ResourceGuard::start(&settings, Box::new(|| load(7 * MS))).unwrap();
        assert_eq!(guard.recording(), RecordingState::On);
        drop(sampling);
        let text = std::fs::read_to_string(&path).unwrap();
        let delays: Vec<_> = text.lines().map(|line| parse_line(line).unwrap().queue_delay).collect();
        assert_eq!(delays, [7 * MS]);
        let settings = ResourceGuardSettings {
            recording: Some(path.join("of-a-file")),
            ..ResourceGuardSettings::default()
        };
        let refused = ResourceGuard::start(&settings, Box::new(Load::default));
        assert!(matches!(refused, Err(ResourceGuardError::Recording(_))));
    }
}
