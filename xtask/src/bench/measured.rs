//! What a load generator found out.

use std::time::Duration;

use anyhow::{Context, ensure};

/// The figures of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    pub(super) per_second: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
    /// Of a thousand answers one took longer.
    pub(super) p999: Duration,
}

impl Measured {
    /// From the line that both generators print. wrk goes on after a failure and counts it; ours ends.
    pub(super) fn read(output: &str) -> anyhow::Result<Self> {
        let line = Line::find(output)?;
        let requests = line.value("requests")?;
        ensure!(requests > 0, "there was no answer at all");
        for failures in ["refused", "failed"] {
            let count = line.value(failures).unwrap_or_default();
            ensure!(count == 0, "of {requests} requests {count} were {failures}: the figures mean nothing");
        }
        let micros =
            |name: &str| -> anyhow::Result<_> { Ok(Duration::from_micros(line.value(name)?.into())) };
        Ok(Self {
            per_second: f64::from(requests) / micros("microseconds")?.as_secs_f64(),
            p50: micros("p50")?,
            p99: micros("p99")?,
            p999: micros("p999")?,
        })
    }
}

/// `measured: NAME=NUMBER …`
pub(super) struct Line<'a>(&'a str);

impl<'a> Line<'a> {
    pub(super) fn find(output: &'a str) -> anyhow::Result<Self> {
        let line = output.lines().find_map(|line| line.strip_prefix("measured: "));
        line.map(Self).context("the program did not say what it measured")
    }

    pub(super) fn value(&self, name: &str) -> anyhow::Result<u32> {
        let mut fields = self.0.split(' ').filter_map(|field| field.split_once('='));
        let (_, value) = fields.find(|(field, _)| *field == name).with_context(|| format!("no {name}"))?;
        value.parse().with_context(|| format!("{name} is not a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_line_of_either_generator() {
        let line = "measured: requests=150000 microseconds=5000000 p50=2100 p99=2600 p999=3000";
        for output in [format!("{line}\n"), format!("Running 5s test\n{line} refused=0 failed=0\n")] {
            let measured = Measured::read(&output).unwrap();
            assert!((measured.per_second - 30_000.0).abs() < 1e-6);
            assert_eq!(measured.p50, Duration::from_micros(2_100));
            assert_eq!(measured.p99, Duration::from_micros(2_600));
            assert_eq!(measured.p999, Duration::from_micros(3_000));
        }
    }

    #[test]
    fn a_run_with_any_failure_has_no_figures() {
        let line = |requests, refused, failed| {
            format!(
                "measured: requests={requests} microseconds=5 p50=1 p99=1 p999=1 refused={refused} failed={failed}\n"
            )
        };
        assert!(Measured::read(&line(9, 0, 0)).is_ok());
        for output in
            [line(9, 1, 0), line(9, 0, 1), line(0, 0, 0), String::new(), "measured: p50=1\n".to_owned()]
        {
            assert!(Measured::read(&output).is_err(), "{output}");
        }
    }
}
