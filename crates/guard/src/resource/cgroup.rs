//! What the control groups of this process leave to it (Documentation/admin-guide/cgroup-v2.rst, and v1 where there is
//! still that). Limits of every group above count as well: the tightest one binds.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// Above, version 1 means that there is no limit.
const NO_LIMIT_V1: u64 = 1 << 62;

/// The groups of this process.
#[derive(Debug)]
pub(crate) struct Cgroups {
    /// The own group first, then those above; version 2.
    unified: Vec<PathBuf>,
    memory_v1: Vec<PathBuf>,
    quotas: Vec<Quota>,
}

/// A group whose use of the processors can be limited.
#[derive(Debug)]
struct Quota {
    files: QuotaFiles,
    before: Option<(Duration, Duration)>,
}

#[derive(Debug)]
enum QuotaFiles {
    V2(PathBuf),
    V1 { cpu: PathBuf, accounting: PathBuf },
}

impl Cgroups {
    /// Looks where this process is. `proc` is `/proc`, and `mount` is `/sys/fs/cgroup`.
    pub(crate) fn find(proc: &Path, mount: &Path) -> Self {
        let membership = fs::read_to_string(proc.join("self/cgroup")).unwrap_or_default();
        let own = |wanted: &str| {
            membership.lines().find_map(|line| {
                let (_, rest) = line.split_once(':')?;
                let (controllers, path) = rest.split_once(':')?;
                controllers.split(',').any(|controller| controller == wanted).then_some(path)
            })
        };
        let hybrid = mount.join("unified");
        let unified = if hybrid.is_dir() { hybrid } else { mount.to_owned() };
        let unified = own("").map(|path| groups(&unified, path)).unwrap_or_default();
        let v1 = |controller: &str| {
            own(controller).map(|path| groups(&mount.join(controller), path)).unwrap_or_default()
        };
        let quotas_v2 = unified.iter().cloned().map(QuotaFiles::V2);
        let quotas_v1 = v1("cpu").into_iter().zip(v1("cpuacct"));
        let quotas_v1 = quotas_v1.map(|(cpu, accounting)| QuotaFiles::V1 { cpu, accounting });
        let quotas = quotas_v2.chain(quotas_v1).map(|files| Quota { files, before: None }).collect();
        Self { memory_v1: v1("memory"), quotas, unified }
    }

    /// The share of the memory limit that is in use, without files that the kernel can drop, 0 to 1.
    pub(crate) fn memory(&self) -> Option<f64> {
        let unified = self.unified.iter().filter_map(|group| {
            let limit = number(group, "memory.max")?;
            share_of_memory(group, limit, "memory.current", "inactive_file")
        });
        let v1 = self.memory_v1.iter().filter_map(|group| {
            let limit = number(group, "memory.limit_in_bytes").filter(|limit| *limit < NO_LIMIT_V1)?;
            share_of_memory(group, limit, "memory.usage_in_bytes", "total_inactive_file")
        });
        unified.chain(v1).max_by(f64::total_cmp)
    }

    /// The share of the quota of processor time that was used since the last question, 0 to 1.
    pub(crate) fn cpu(&mut self, at: Duration) -> Option<f64> {
        self.quotas.iter_mut().filter_map(|quota| quota.used(at)).max_by(f64::total_cmp)
    }

    /// The file with the pressure on this group, such as `cpu.pressure`. The root group has none of its own.
    pub(crate) fn pressure(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.unified.first()?.join(file)).ok()
    }
}

impl Quota {
    fn used(&mut self, at: Duration) -> Option<f64> {
        let (allowed, used) = match &self.files {
            QuotaFiles::V2(group) => {
                let text = fs::read_to_string(group.join("cpu.max")).ok()?;
                let (quota, period) = text.trim().split_once(' ')?;
                let used = Duration::from_micros(statistic(group, "cpu.stat", "usage_usec")?);
                (processors(quota.parse().ok()?, period.parse().ok()?)?, used)
            }
            QuotaFiles::V1 { cpu, accounting } => {
                let used = Duration::from_nanos(number(accounting, "cpuacct.usage")?);
                let (quota, period) = (number(cpu, "cpu.cfs_quota_us")?, number(cpu, "cpu.cfs_period_us")?);
                (processors(quota, period)?, used)
            }
        };
        let (then, used_then) = self.before.replace((at, used)).filter(|(then, _)| *then < at)?;
        Some((used.saturating_sub(used_then).div_duration_f64(at - then) / allowed).min(1.0))
    }
}

/// How many processors a quota is worth.
fn processors(quota: u64, period: u64) -> Option<f64> {
    let (quota, period) = (Duration::from_micros(quota), Duration::from_micros(period));
    (!quota.is_zero() && !period.is_zero()).then(|| quota.div_duration_f64(period))
}

/// The folders of a group and of all above it up to the mount, as far as they can be seen from here: inside of a
/// container the path may be the one outside.
fn groups(mount: &Path, path: &str) -> Vec<PathBuf> {
    let names = Path::new(path).components();
    let names: Option<Vec<_>> = names
        .filter(|component| *component != Component::RootDir)
        .map(|component| if let Component::Normal(name) = component { Some(name) } else { None })
        .collect();
    let own: PathBuf = names.unwrap_or_default().iter().collect();
    own.ancestors().map(|group| mount.join(group)).filter(|folder| folder.is_dir()).collect()
}

fn share_of_memory(group: &Path, limit: u64, used: &str, droppable: &str) -> Option<f64> {
    let used = number(group, used)?;
    let droppable = statistic(group, "memory.stat", droppable).unwrap_or(0);
    share(used.saturating_sub(droppable), limit)
}

/// `part / whole`, 0 to 1.
pub(crate) fn share(part: u64, whole: u64) -> Option<f64> {
    // The ratio of two times is the same, and needs no conversion that loses anything unseen.
    let ratio = || Duration::from_nanos(part).div_duration_f64(Duration::from_nanos(whole));
    (whole > 0).then(|| ratio().min(1.0))
}

/// A file with one number; `max` and `-1` are none.
fn number(group: &Path, file: &str) -> Option<u64> {
    fs::read_to_string(group.join(file)).ok()?.trim().parse().ok()
}

/// One of the lines `name number` of a file.
fn statistic(group: &Path, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(group.join(file)).ok()?;
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A folder that looks like `/proc` and `/sys/fs/cgroup`.
    struct World(TempDir);

    impl World {
        fn new(membership: &str) -> Self {
            let world = Self(tempfile::tempdir().unwrap());
            world.write("proc/self/cgroup", membership);
            fs::create_dir_all(world.path("cgroup")).unwrap();
            world
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn write(&self, path: &str, text: &str) {
            fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
            fs::write(self.path(path), text).unwrap();
        }

        fn cgroups(&self) -> Cgroups {
            Cgroups::find(&self.path("proc"), &self.path("cgroup"))
        }
    }

    const MIB: u64 = 1024 * 1024;

    fn memory(world: &World, group: &str, limit: &str, used: u64, droppable: u64) {
        world.write(&format!("{group}/memory.max"), &format!("{limit}\n"));
        world.write(&format!("{group}/memory.current"), &format!("{}\n", used * MIB));
        let statistics = format!("anon 7\ninactive_file {}\nactive_file 7\n", droppable * MIB);
        world.write(&format!("{group}/memory.stat"), &statistics);
    }

    #[test]
    fn the_tightest_limit_of_memory_from_here_to_the_root_counts() {
        let world = World::new("0::/slice/turnkeep.service\n");
        memory(&world, "cgroup/slice/turnkeep.service", "max", 100, 0);
        memory(&world, "cgroup/slice", &(400 * MIB).to_string(), 200, 0);
        assert_eq!(world.cgroups().memory(), Some(0.5));
        memory(&world, "cgroup/slice/turnkeep.service", &(100 * MIB).to_string(), 90, 10);
        assert_eq!(world.cgroups().memory(), Some(0.8), "without what the kernel can drop");
    }

    #[test]
    fn the_quota_of_processors_is_measured_between_two_questions() {
        let world = World::new("0::/app\n");
        world.write("cgroup/app/cpu.max", "200000 100000\n");
        world.write("cgroup/app/cpu.stat", "usage_usec 1000000\nuser_usec 5\n");
        let mut cgroups = world.cgroups();
        assert_eq!(cgroups.cpu(Duration::from_secs(1)), None);
        world.write("cgroup/app/cpu.stat", "usage_usec 2000000\nuser_usec 5\n");
        assert_eq!(cgroups.cpu(Duration::from_secs(2)), Some(0.5), "one of two processors");
        assert_eq!(cgroups.cpu(Duration::from_secs(3)), Some(0.0));
        world.write("cgroup/app/cpu.stat", "usage_usec 9000000\n");
        assert_eq!(cgroups.cpu(Duration::from_secs(4)), Some(1.0), "a burst is no more than all");
    }

    #[test]
    fn version_one_has_its_own_files() {
        let world = World::new("5:memory:/app\n2:cpu,cpuacct:/app\n1:name=systemd:/\n0::/\n");
        world.write("cgroup/memory/app/memory.limit_in_bytes", "1000\n");
        world.write("cgroup/memory/app/memory.usage_in_bytes", "700\n");
        world.write("cgroup/memory/app/memory.stat", "inactive_file 1\ntotal_inactive_file 100\n");
        world.write("cgroup/cpu/app/cpu.cfs_quota_us", "50000\n");
        world.write("cgroup/cpu/app/cpu.cfs_period_us", "100000\n");
        world.write("cgroup/cpuacct/app/cpuacct.usage", "0\n");
        let mut cgroups = world.cgroups();
        assert_eq!((cgroups.memory(), cgroups.cpu(Duration::from_secs(1))), (Some(0.6), None));
        world.write("cgroup/cpuacct/app/cpuacct.usage", "125000000\n");
        assert_eq!(cgroups.cpu(Duration::from_secs(2)), Some(0.25));
    }

    #[test]
    fn no_limit_is_no_figure() {
        let world = World::new("5:memory:/\n2:cpu,cpuacct:/\n0::/app\n");
        memory(&world, "cgroup/unified/app", "max", 5, 0);
        world.write("cgroup/unified/app/cpu.max", "max 100000\n");
        world.write("cgroup/unified/app/cpu.stat", "usage_usec 1\n");
        world.write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        world.write("cgroup/memory/memory.usage_in_bytes", "7\n");
        world.write("cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        world.write("cgroup/cpu/cpu.cfs_period_us", "100000\n");
        world.write("cgroup/cpuacct/cpuacct.usage", "7\n");
        let mut cgroups = world.cgroups();
        for seconds in [1, 2] {
            assert_eq!((cgroups.memory(), cgroups.cpu(Duration::from_secs(seconds))), (None, None));
        }
    }

    #[test]
    fn in_a_container_the_mount_itself_is_the_own_group() {
        for path in ["/docker/0123abcd", "/", "/../../outside"] {
            let world = World::new(&format!("0::{path}\n"));
            memory(&world, "cgroup", &(100 * MIB).to_string(), 25, 0);
            world.write("cgroup/cpu.pressure", "some avg10=1.00 total=5\n");
            let cgroups = world.cgroups();
            assert_eq!(cgroups.memory(), Some(0.25), "{path}");
            assert!(cgroups.pressure("cpu.pressure").is_some(), "{path}");
        }
    }

    #[test]
    fn nothing_to_read_is_no_figure() {
        let world = World::new("0::/app\n");
        world.write("cgroup/app/memory.max", "nonsense");
        world.write("cgroup/app/cpu.max", "1");
        let mut cgroups = world.cgroups();
        assert_eq!(
            (cgroups.memory(), cgroups.cpu(Duration::ZERO), cgroups.pressure("x")),
            (None, None, None)
        );
        let nowhere = world.path("nowhere");
        assert_eq!(Cgroups::find(&nowhere, &nowhere).memory(), None);
    }
}
