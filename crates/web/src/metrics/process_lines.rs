//! The process, under the names that every Prometheus client uses. What the machine does not tell is left out.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

use crate::metrics::lines::Lines;

/// What Linux says about this process.
#[derive(Debug)]
pub(super) struct ProcessFacts {
    resident_bytes: Option<u64>,
    threads: Option<u64>,
    open_files: Option<u64>,
    max_files: Option<u64>,
}

impl ProcessFacts {
    /// Reads three small files that the kernel makes up; none of them waits for a disk.
    pub(super) fn read() -> Self {
        let text = |name: &str| fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
        let (status, limits) = (text("status"), text("limits"));
        let files = fs::read_dir("/proc/self/fd").ok();
        Self {
            resident_bytes: number_after(&status, "VmRSS:").map(|kibibytes| kibibytes * 1_024),
            threads: number_after(&status, "Threads:"),
            // One of them is the list itself.
            open_files: files
                .and_then(|files| u64::try_from(files.count()).ok())
                .map(|count| count.saturating_sub(1)),
            max_files: number_after(&limits, "Max open files"),
        }
    }
}

/// The first number after a name at the beginning of a line.
fn number_after(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

impl Collector for ProcessFacts {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut lines = Lines::new(encoder);
        for (name, help, value) in [
            ("process_resident_memory_bytes", "memory of this process in bytes", self.resident_bytes),
            ("process_threads", "threads of this process", self.threads),
            ("process_open_fds", "files and connections that are open", self.open_files),
            ("process_max_fds", "how many files and connections may be open", self.max_files),
        ] {
            if let Some(value) = value {
                lines.gauge(name, help, value)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_names() {
        let status = "Name:\tturnkeep\nVmHWM:\t  99 kB\nVmRSS:\t   12345 kB\nThreads:\t17\n";
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(number_after(status, "VmRSS:"), Some(12_345));
        assert_eq!(number_after(status, "Threads:"), Some(17));
        assert_eq!(number_after(limits, "Max open files"), Some(1_024));
        assert_eq!(number_after(limits, "Max processes"), None);
        assert_eq!(number_after("Max open files  unlimited", "Max open files"), None);
    }
}
