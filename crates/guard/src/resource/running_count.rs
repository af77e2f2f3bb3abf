//! A count that only rises, and what has come since somebody looked.

use std::sync::atomic::{AtomicU64, Ordering};

/// The count.
#[derive(Debug, Default)]
pub struct RunningCount(AtomicU64);

impl RunningCount {
    /// One more.
    pub fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Where somebody has got to. Each who looks has one of its own.
#[derive(Debug, Default)]
pub struct Reader(AtomicU64);

impl Reader {
    /// How many have come since this was asked last.
    pub fn take_news(&self, count: &RunningCount) -> u64 {
        let now = count.0.load(Ordering::Relaxed);
        now.saturating_sub(self.0.swap(now, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_has_its_own_news() {
        let (count, first, second) = (RunningCount::default(), Reader::default(), Reader::default());
        count.add_one();
        assert_eq!((first.take_news(&count), first.take_news(&count)), (1, 0));
        count.add_one();
        assert_eq!((first.take_news(&count), second.take_news(&count)), (1, 2));
    }
}
