//! `cargo xtask monitoring`: what is in `docs/monitoring/` loads into a real Prometheus, means metrics that a running
//! server has, and every metric of a server is described in `docs/monitoring.md`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::arguments::pairs;
use crate::http;
use crate::installation::{Installation, RunningServer, built_server, server_to_test};
use crate::{process, setup};
use names::{metrics_of, names_in};
use prometheus::Prometheus;

mod names;
mod prometheus;

const USAGE: &str = "the only option is --program FILE";
const RULES: &str = "docs/monitoring/alerts.yaml";
const RULE_TESTS: &str = "docs/monitoring/alerts_test.yaml";
const DASHBOARD: &str = "docs/monitoring/grafana-dashboard.json";
const DESCRIPTION: &str = "docs/monitoring.md";

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let mut program = None;
    for pair in pairs(arguments, USAGE) {
        match pair? {
            ("--program", value) => program = Some(PathBuf::from(value)),
            (name, _) => bail!("there is no option {name}; {USAGE}"),
        }
    }
    check(&server_to_test(program.as_deref())?)
}

/// With the server that the tests have built.
pub(crate) fn run_built() -> anyhow::Result<()> {
    check(&built_server())
}

fn check(program: &Path) -> anyhow::Result<()> {
    let [promtool, prometheus] = setup::prometheus()?;
    let root = process::root();
    let read =
        |name: &str| fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"));
    let (rules, dashboard, description) = (read(RULES)?, read(DASHBOARD)?, read(DESCRIPTION)?);
    let expressions = expressions(&serde_json::from_str(&dashboard).context(DASHBOARD)?);
    let folder = root.join("target/monitoring");
    let installation = Installation::create(program, &folder, None)?;
    check_offline(&promtool, &folder, &expressions)?;

    let server = installation.start()?;
    check_names(&server, &[(RULES, &rules), (DASHBOARD, &dashboard), (DESCRIPTION, &description)])?;
    let prometheus = Prometheus::start(&prometheus, &folder, &root.join(RULES), server.address())?;
    for expression in &expressions {
        prometheus.query(expression).with_context(|| format!("{DASHBOARD}: {expression}"))?;
    }
    let alerts = prometheus.check_rules()?;
    println!("monitoring: {} expressions of the dashboard and {alerts} alerts answer", expressions.len());
    drop(prometheus);
    server.end()?;
    installation.remove()
}

/// What can be said without a server: the syntax of everything, and that alerts fire when they should.
fn check_offline(promtool: &Path, folder: &Path, expressions: &[String]) -> anyhow::Result<()> {
    let promtool = |arguments: &[&str]| {
        let mut command = process::command(&promtool.to_string_lossy());
        process::output(command.args(arguments)).map(drop)
    };
    promtool(&["check", "rules", RULES])?;
    promtool(&["test", "rules", RULE_TESTS])?;
    // A text of JSON is one of YAML too.
    let rules = expressions.iter().enumerate().map(|(number, expression)| {
        format!("  - record: dashboard:{number}\n    expr: {}\n", Value::from(expression.as_str()))
    });
    let file = folder.join("dashboard-rules.yaml");
    let text = format!("groups:\n- name: dashboard\n  rules:\n{}", rules.collect::<String>());
    fs::write(&file, text).with_context(|| format!("could not write {}", file.display()))?;
    promtool(&["check", "rules", &file.to_string_lossy()]).context(DASHBOARD)
}

/// Nothing is named that is not there, and nothing is there that is not described.
fn check_names(server: &RunningServer, texts: &[(&str, &str)]) -> anyhow::Result<()> {
    let answer = http::get(server.address(), "/metrics")?;
    ensure!(answer.status == 200, "/metrics answered {}", answer.status);
    let metrics = metrics_of(&answer.body);
    ensure!(!metrics.is_empty(), "the server has no metrics");
    for (file, text) in texts {
        for name in names_in(text) {
            ensure!(metrics.contains(&name), "{file} names {name}, which a server does not have");
        }
    }
    let described =
        texts.iter().filter(|(file, _)| *file == DESCRIPTION).flat_map(|(_, text)| names_in(text));
    let described: Vec<String> = described.collect();
    let families = answer.body.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for family in families.filter_map(|line| line.split(' ').next()) {
        let is_described = described.iter().any(|name| name.strip_prefix(family).is_some_and(is_suffix));
        ensure!(is_described, "{DESCRIPTION} does not describe {family}");
    }
    println!("monitoring: {} names of metrics are right", metrics.len());
    Ok(())
}

/// What a kind of metric adds to its name.
fn is_suffix(rest: &str) -> bool {
    matches!(rest, "" | "_total" | "_info" | "_bucket" | "_sum" | "_count")
}

/// Every `expr` of a dashboard, with the variables of Grafana set to what it would put there.
fn expressions(dashboard: &Value) -> Vec<String> {
    match dashboard {
        Value::Object(members) => {
            let own = members.get("expr").and_then(Value::as_str);
            let own = own.map(|text| text.replace("$__rate_interval", "1m").replace("$instance", ".*"));
            own.into_iter().chain(members.values().flat_map(expressions)).collect()
        }
        Value::Array(items) => items.iter().flat_map(expressions).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions_are_found_wherever_they_are() {
        let dashboard = json!({"panels": [
            {"targets": [{"expr": "rate(a{instance=~\"$instance\"}[$__rate_interval])"}]},
            {"title": "expr", "panels": [{"targets": [{"expr": "b"}]}]},
        ]});
        let mut found = expressions(&dashboard);
        found.sort();
        assert_eq!(found, ["b", "rate(a{instance=~\".*\"}[1m])"]);
    }
}
