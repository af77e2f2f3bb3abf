//! How many files this process may open, and every process that it starts from then on.

use anyhow::{Context, ensure};

use crate::process;

/// What a task needs for itself.
const OWN: u32 = 200;

/// At most so many, but it can be raised again.
pub(super) fn allow(count: u32) -> anyhow::Result<()> {
    let most = most()?;
    set(&format!("{}:{most}", count.min(most)))
}

/// As many as the system allows, which must be enough for so many connections.
pub(super) fn allow_all(connections: u32) -> anyhow::Result<()> {
    let most = most()?;
    ensure!(
        connections + OWN <= most,
        "the system allows {most} open files, which is not enough for {connections} connections"
    );
    set(&format!("{most}:{most}"))
}

fn set(limits: &str) -> anyhow::Result<()> {
    let own = std::process::id().to_string();
    process::run(process::command("prlimit").args(["--pid", &own, &format!("--nofile={limits}")]))
}

fn most() -> anyhow::Result<u32> {
    let limits =
        std::fs::read_to_string("/proc/self/limits").context("the system does not tell its limits")?;
    hard_limit(&limits).context("the system does not tell how many files may be open")
}

fn hard_limit(limits: &str) -> Option<u32> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let hard = line.split_whitespace().nth(1)?;
    if hard == "unlimited" { Some(u32::MAX) } else { hard.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hard_limit_is_the_second_number() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             96000                96000                processes \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(hard_limit(limits), Some(524_288));
        assert_eq!(hard_limit("Max open files            1024      unlimited       files\n"), Some(u32::MAX));
        assert_eq!(hard_limit(""), None);
    }
}
