//! What the machine is like: the kernel's files where there are some, and what every system tells where not.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sysinfo::System;

use crate::resource::cgroup::{Cgroups, share};
use crate::resource::load::Load;
use crate::resource::pressure::{Pressure, Stalled};
use crate::resource::sample::Sample;

/// Takes samples of a machine. Reads a dozen small files, which takes well below a millisecond: for a thread of its
/// own.
pub struct Machine {
    proc: PathBuf,
    cgroups: Cgroups,
    system: Option<WholeSystem>,
    cpu_pressure: Pressure,
    memory_pressure: Pressure,
    io_pressure: Pressure,
}

impl Machine {
    /// The one that this process runs on.
    pub fn here() -> Self {
        let system = System::new().ok().map(|system| WholeSystem { system, is_first: true });
        Self { system, ..Self::with_roots(Path::new("/proc"), Path::new("/sys/fs/cgroup")) }
    }

    /// One of which only files in these folders are known, in place of `/proc` and `/sys/fs/cgroup`.
    pub fn with_roots(proc: &Path, cgroup_mount: &Path) -> Self {
        Self {
            proc: proc.to_owned(),
            cgroups: Cgroups::find(proc, cgroup_mount),
            system: None,
            cpu_pressure: Pressure::new(Stalled::Some),
            memory_pressure: Pressure::new(Stalled::Full),
            io_pressure: Pressure::new(Stalled::Full),
        }
    }

    /// What it is like now, which is `at`, and under this load.
    pub fn sample(&mut self, at: Duration, load: Load) -> Sample {
        let (system_cpu, system_memory) = self.system.as_mut().map(WholeSystem::shares).unwrap_or_default();
        let pressure = |name: &str, pressure: &mut Pressure| {
            // What this process's own group waits for counts; the machine has other tenants.
            let own = self.cgroups.pressure(&format!("{name}.pressure"));
            let text = own.or_else(|| fs::read_to_string(self.proc.join("pressure").join(name)).ok())?;
            pressure.percent(at, &text)
        };
        let cpu_pressure = pressure("cpu", &mut self.cpu_pressure);
        let memory_pressure = pressure("memory", &mut self.memory_pressure);
        let io_pressure = pressure("io", &mut self.io_pressure);
        Sample {
            at,
            cpu: scarcer(self.cgroups.cpu(at), system_cpu),
            memory: scarcer(self.cgroups.memory(), system_memory),
            cpu_pressure,
            memory_pressure,
            io_pressure,
            in_flight: load.in_flight,
            in_flight_limit: load.in_flight_limit,
            queue_delay: load.queue_delay,
            turned_away: load.turned_away,
        }
    }
}

/// All of the machine, as every system tells it.
struct WholeSystem {
    system: System,
    is_first: bool,
}

impl WholeSystem {
    /// Processors and memory in use, 0 to 1. The use of processors is that since the last question.
    fn shares(&mut self) -> (Option<f64>, Option<f64>) {
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
        let cpu = (!std::mem::take(&mut self.is_first))
            .then(|| (f64::from(self.system.global_cpu_usage()) / 100.0).clamp(0.0, 1.0))
            .filter(|share| share.is_finite());
        let total = self.system.total_memory();
        (cpu, share(total.saturating_sub(self.system.available_memory()), total))
    }
}

/// The higher of two shares in use, as far as they are known.
fn scarcer(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn machine(folder: &Path) -> Machine {
        Machine::with_roots(&folder.join("proc"), &folder.join("cgroup"))
    }

    #[test]
    fn a_sample_has_what_the_files_say_and_the_load_as_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, "proc/self/cgroup", "0::/app\n");
        write(folder, "cgroup/app/memory.max", "1000\n");
        write(folder, "cgroup/app/memory.current", "250\n");
        for (name, some, full) in [("cpu", 10, 99), ("memory", 99, 20), ("io", 99, 30)] {
            let text = format!("some avg10={some}.00 total=1\nfull avg10={full}.00 total=1\n");
            write(folder, &format!("proc/pressure/{name}"), &text);
        }
        let load = Load {
            in_flight: 1,
            in_flight_limit: 2,
            queue_delay: Duration::from_millis(3),
            turned_away: Some(0.5),
        };
        let expected = Sample {
            at: SECOND,
            cpu: None,
            memory: Some(0.25),
            cpu_pressure: Some(10.0),
            memory_pressure: Some(20.0),
            io_pressure: Some(30.0),
            in_flight: 1,
            in_flight_limit: 2,
            queue_delay: Duration::from_millis(3),
            turned_away: Some(0.5),
        };
        assert_eq!(machine(folder).sample(SECOND, load), expected);
    }

    #[test]
    fn the_pressure_on_the_own_group_comes_before_that_on_the_machine() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, "proc/self/cgroup", "0::/app\n");
        write(folder, "proc/pressure/cpu", "some avg10=90.00 total=1\n");
        write(folder, "cgroup/app/cpu.pressure", "some avg10=5.00 total=1\n");
        assert_eq!(machine(folder).sample(SECOND, Load::default()).cpu_pressure, Some(5.0));
    }

    #[test]
    fn a_machine_without_such_files_says_nothing_about_them() {
        let folder = tempfile::tempdir().unwrap();
        let load = Load { in_flight: 7, ..Load::default() };
        let expected = Sample { at: SECOND, in_flight: 7, ..Sample::default() };
        assert_eq!(machine(folder.path()).sample(SECOND, load), expected);
    }

    #[test]
    fn this_machine_uses_some_of_its_memory_and_not_more_than_all_of_anything() {
        let mut machine = Machine::here();
        machine.sample(Duration::ZERO, Load::default());
        (0..1_000_000_u32).for_each(|number| _ = black_box(number));
        let sample = machine.sample(SECOND, Load::default());
        assert!((0.001..=1.0).contains(&sample.memory.unwrap()), "{sample:?}");
        assert!((0.0..=1.0).contains(&sample.cpu.unwrap()), "{sample:?}");
        for percent in [sample.cpu_pressure, sample.memory_pressure, sample.io_pressure].into_iter().flatten()
        {
            assert!((0.0..=100.0).contains(&percent), "{sample:?}");
        }
    }
}
