//! What the load generator found out about each group of clients.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

/// Of a run.
pub(super) struct Figures {
    /// How much of the time the load generator had nothing to do.
    pub(super) idle_percent: f64,
    /// How much of a core programs took that do not belong here.
    pub(super) others_percent: f64,
    groups: Vec<Asked>,
}

/// Of a group; latencies are those of successes.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) seconds: f64,
    pub(super) offered: f64,
    /// Successes that arrived while the group was asking.
    pub(super) in_time: f64,
    pub(super) p50: Option<Duration>,
    pub(super) p999: Option<Duration>,
    pub(super) total: Part,
    pub(super) slices: Vec<Part>,
}

/// The requests of a part of the time.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    /// When it begins, from the start of the run.
    pub(super) from: Duration,
    pub(super) statuses: BTreeMap<String, u64>,
    /// Connections that broke, and requests that never had an answer.
    pub(super) lost: u64,
    pub(super) p99: Option<Duration>,
}

impl Figures {
    pub(super) fn read(output: &str, others: f64) -> anyhow::Result<Self> {
        let json: Value = serde_json::from_str(output).context("the load generator printed no JSON")?;
        let groups = json.get("groups").and_then(Value::as_array).context("there are no groups")?;
        Ok(Self {
            idle_percent: float(&json, "idle_percent")?,
            others_percent: others * 100.0,
            groups: groups.iter().map(Asked::read).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn of(&self, name: &str) -> anyhow::Result<&Asked> {
        self.groups.iter().find(|group| group.name == name).with_context(|| format!("no group {name}"))
    }
}

impl Asked {
    fn read(json: &Value) -> anyhow::Result<Self> {
        let slices = json.get("slices").and_then(Value::as_array).context("there are no slices")?;
        Ok(Self {
            name: json.get("name").and_then(Value::as_str).context("a group has no name")?.to_owned(),
            seconds: float(json, "seconds")?,
            offered: float(json, "offered")?,
            in_time: float(json, "in_time")?,
            p50: micros(json, "p50_micros"),
            p999: micros(json, "p999_micros"),
            total: Part::read(json.get("total").context("there is no total")?)?,
            slices: slices.iter().map(Part::read).collect::<Result<_, _>>()?,
        })
    }

    /// Successes in a second.
    pub(super) fn goodput(&self) -> f64 {
        self.in_time / self.seconds
    }

    /// Of a hundred successes one took longer.
    pub(super) fn p99(&self) -> anyhow::Result<Duration> {
        self.total.p99.with_context(|| format!("nothing was answered to {}", self.name))
    }

    /// When, counted from its first slice, it was served as if nothing were wrong: for three slices on end, all with
    /// success and one in a hundred within `p99`. `None`: never.
    pub(super) fn served_well_after(&self, p99: Duration) -> Option<Duration> {
        let begin = self.slices.first()?.from;
        let good = |part: &Part| {
            part.failed() + part.refused() == 0 && part.p99.is_some_and(|measured| measured <= p99)
        };
        let calm = self.slices.windows(3).find(|slices| slices.iter().all(good))?;
        Some(calm.first()?.from.saturating_sub(begin))
    }
}

impl Part {
    fn read(json: &Value) -> anyhow::Result<Self> {
        let statuses = json.get("statuses").cloned().context("there are no statuses")?;
        Ok(Self {
            from: Duration::from_millis(number(json, "from_millis")?),
            statuses: serde_json::from_value(statuses)?,
            lost: number(json, "broken")? + number(json, "unanswered")?,
            p99: micros(json, "p99_micros"),
        })
    }

    pub(super) fn of_status(&self, status: &str) -> u64 {
        self.statuses.get(status).copied().unwrap_or_default()
    }

    /// Told to come again later.
    pub(super) fn refused(&self) -> u64 {
        self.of_status("429") + self.of_status("503")
    }

    /// Neither served nor refused.
    pub(super) fn failed(&self) -> u64 {
        let answered: u64 = self.statuses.values().sum();
        answered - self.of_status("200") - self.refused() + self.lost
    }
}

fn float(json: &Value, name: &str) -> anyhow::Result<f64> {
    json.get(name).and_then(Value::as_f64).with_context(|| format!("there is no {name}"))
}

fn number(json: &Value, name: &str) -> anyhow::Result<u64> {
    json.get(name).and_then(Value::as_u64).with_context(|| format!("there is no {name}"))
}

fn micros(json: &Value, name: &str) -> Option<Duration> {
    json.get(name).and_then(Value::as_u64).map(Duration::from_micros)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part(from_millis: u64, statuses: &Value, p99_micros: u64) -> Value {
        json!({"from_millis": from_millis, "sent": 9, "statuses": statuses, "broken": 1, "unanswered": 2,
               "p99_micros": p99_micros})
    }

    fn calm(from_millis: u64, refused: u64, p99_micros: u64) -> Part {
        let statuses = [("200".to_owned(), 9), ("503".to_owned(), refused)].into();
        let (from, p99) = (Duration::from_millis(from_millis), Some(Duration::from_micros(p99_micros)));
        Part { from, statuses, lost: 0, p99 }
    }

    #[test]
    fn refusals_are_no_failures() {
        let total = part(0, &json!({"200": 4, "429": 3, "503": 2, "401": 1}), 70);
        let output = json!({"idle_percent": 12.5, "groups": [
            {"name": "a", "seconds": 2, "offered": 9, "in_time": 4, "p50_micros": null, "p999_micros": 80,
             "total": total, "slices": [total]}]});
        let figures = Figures::read(&output.to_string(), 0.5).unwrap();
        let asked = figures.of("a").unwrap();
        assert_eq!((asked.total.refused(), asked.total.failed()), (5, 4));
        assert!((asked.goodput() - 2.0).abs() < 1e-9);
        assert_eq!((asked.p99().unwrap(), asked.p50), (Duration::from_micros(70), None));
        assert!(figures.of("b").is_err());
    }

    #[test]
    fn a_server_has_recovered_once_it_serves_well_and_goes_on_to() {
        let after = |slices: Vec<Part>| {
            let total = calm(0, 0, 1);
            let asked = Asked {
                name: "a".to_owned(),
                seconds: 1.0,
                offered: 1.0,
                in_time: 1.0,
                p50: None,
                p999: None,
                total,
                slices,
            };
            asked.served_well_after(Duration::from_micros(50))
        };
        let slices = [(9, 10), (0, 90), (0, 50), (1, 10), (0, 10), (0, 10), (0, 10)];
        let slices = slices.iter().zip(0..).map(|((refused, p99), n)| calm(7_000 + n * 500, *refused, *p99));
        assert_eq!(after(slices.collect()), Some(Duration::from_secs(2)));
        assert_eq!(after(vec![calm(0, 0, 10), calm(500, 0, 10)]), None);
        assert_eq!(after(Vec::new()), None);
    }
}
