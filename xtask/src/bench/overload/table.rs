//! A line for each group of clients.

use std::time::Duration;

use super::figures::{Asked, Figures};

/// Prints the head.
pub(super) fn head(title: &str) {
    println!("\n{title}\n");
    println!(
        "| {:<36} | {:>11} | {:>7} | {:>8} | {:>8} | {:>6} | {:>8} | {:>8} | {:>8} |",
        "", "asked per s", "200 / s", "429", "503", "failed", "p50 ms", "p99 ms", "p99.9"
    );
    println!(
        "|{:-<38}|{:->13}|{:->9}|{:->10}|{:->10}|{:->8}|{:->10}|{:->10}|{:->10}|",
        "", ":", ":", ":", ":", ":", ":", ":", ":"
    );
}

/// Prints a group's line.
pub(super) fn line(name: &str, asked: &Asked) {
    println!(
        "| {name:<36} | {:>11.0} | {:>7.0} | {:>8} | {:>8} | {:>6} | {:>8} | {:>8} | {:>8} |",
        asked.offered / asked.seconds,
        asked.goodput(),
        asked.total.of_status("429"),
        asked.total.of_status("503"),
        asked.total.failed(),
        millis(asked.p50),
        millis(asked.total.p99),
        millis(asked.p999)
    );
}

/// Says what makes the figures of a run worth less: a load generator without any time left has latencies of its own,
/// and so has a server that others take the time from.
pub(super) fn warn(figures: &Figures) {
    if figures.idle_percent < 10.0 {
        println!("THE LOAD GENERATOR WAS IDLE FOR NO MORE THAN {} % OF THE TIME", figures.idle_percent);
    }
    if figures.others_percent > 10.0 {
        println!("OTHER PROGRAMS TOOK {:.0} % OF A CORE MEANWHILE", figures.others_percent);
    }
}

pub(super) fn mebibytes(bytes: u64) -> u64 {
    bytes >> 20
}

fn millis(duration: Option<Duration>) -> String {
    duration.map_or_else(|| "-".to_owned(), |duration| format!("{:.3}", duration.as_secs_f64() * 1e3))
}
