//! The development tasks of this repository, one file for each command; `cargo xtask` lists them.
//! Few dependencies, so that it builds before anything else does; nothing of the product is linked in.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task reports to whoever runs it")]

use std::process::ExitCode;

mod api_fuzz;
mod arguments;
mod bench;
mod checking_program;
mod ci;
mod cluster_test;
mod crash;
mod dashboard;
mod db;
mod examples;
mod http;
mod installation;
mod interop;
mod management;
mod monitoring;
mod postgres_cluster;
mod process;
mod random;
mod setup;
mod slow_clients;
mod test;
mod tidy;
mod users;

struct Task {
    name: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> anyhow::Result<()>,
}

const TASKS: [Task; 14] = [
    Task {
        name: "setup",
        summary: "find or install what the tests need beyond Rust: PostgreSQL, curl, Python",
        run: setup::run,
    },
    Task {
        name: "tidy",
        summary: "check the rules that no compiler knows: layers, outside crates, text, migrations",
        run: tidy::run,
    },
    Task {
        name: "test",
        summary: "run all tests, or with `test FILTER` those whose name contains FILTER",
        run: test::run,
    },
    Task {
        name: "db",
        summary: "`db check` tests migrations and schema, `db schema` writes schema.rs anew",
        run: db::run,
    },
    Task {
        name: "bench",
        summary: "`bench token`, `introspection`, `restart` or `verify` measures tokens, `bench registry` the API over 100,000 apps, `bench pages` the dashboard over 10,000, `bench overload` too much of everything",
        run: bench::run,
    },
    Task {
        name: "examples",
        summary: "run the programs in examples/ against each other",
        run: examples::run,
    },
    Task {
        name: "crash",
        summary: "kill the server under load and see whether anything acknowledged is lost",
        run: crash::run,
    },
    Task {
        name: "cluster-test",
        summary: "take access away on one of three nodes and see whether any node still honours it",
        run: cluster_test::run,
    },
    Task {
        name: "api-fuzz",
        summary: "make requests from the OpenAPI document as two tenants' people and as the operator",
        run: api_fuzz::run,
    },
    Task {
        name: "slow-clients",
        summary: "slow heads, bodies and readers and idle connections, and whether others get their tokens",
        run: slow_clients::run,
    },
    Task {
        name: "monitoring",
        summary: "load the alert rules and the dashboard into a Prometheus that scrapes a server",
        run: monitoring::run,
    },
    Task {
        name: "interop",
        summary: "sign in, refresh, look at and log out with clients that nobody here wrote",
        run: interop::run,
    },
    Task {
        name: "dashboard",
        summary: "walk through the dashboard in a real browser, by role, and look at every page with axe",
        run: dashboard::run,
    },
    Task { name: "ci", summary: "everything a change must pass, from a fresh clone", run: ci::run },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        list_tasks();
        return ExitCode::SUCCESS;
    };
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprintln!("no task `{name}`; there are:\n");
        list_tasks();
        return ExitCode::FAILURE;
    };
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn list_tasks() {
    for task in &TASKS {
        println!("cargo xtask {:<12} {}", task.name, task.summary);
    }
}
