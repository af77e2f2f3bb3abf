//! Which metrics a text names, and which a server has.

use std::collections::BTreeSet;

/// How our metrics and those of any process begin.
const PREFIXES: [&str; 2] = ["turnkeep_", "process_"];

/// Every name of a metric in a text, whatever else is in it.
pub(super) fn names_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
    let named = words.filter(|word| PREFIXES.iter().any(|prefix| word.starts_with(prefix)));
    named.map(str::to_owned).collect()
}

/// Every name that a scrape of `/metrics` has a series for, or would have if there was something to say.
pub(super) fn metrics_of(scrape: &str) -> BTreeSet<String> {
    let types = scrape.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    types
        .flat_map(|(name, kind)| suffixes(kind).iter().map(move |suffix| format!("{name}{suffix}")))
        .collect()
}

/// OpenMetrics 1.0.0, "Metric types".
fn suffixes(kind: &str) -> &'static [&'static str] {
    match kind {
        "counter" => &["_total"],
        "histogram" => &["_bucket", "_sum", "_count"],
        "info" => &["_info"],
        _ => &[""],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_expressions_and_in_prose() {
        let text = "sum(rate(turnkeep_requests_total{route=\"token\"}[5m])) / process_open_fds; `turnkeep_in_step`, turnkeep";
        let found: Vec<String> = names_in(text).into_iter().collect();
        assert_eq!(found, ["process_open_fds", "turnkeep_in_step", "turnkeep_requests_total"]);
    }

    #[test]
    fn a_metric_has_the_series_of_its_kind() {
        let scrape = "# HELP a x\n# TYPE a counter\na_total 1\n# TYPE b histogram\n# TYPE c gauge\n# TYPE d info\n# EOF\n";
        let found: Vec<String> = metrics_of(scrape).into_iter().collect();
        assert_eq!(found, ["a_total", "b_bucket", "b_count", "b_sum", "c", "d_info"]);
    }
}
