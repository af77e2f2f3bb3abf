//! Describes the clients of a run to the load generator, and runs it.

use std::path::Path;
use std::process::Command;

use super::super::Bench;
use super::super::lane::Lane;
use super::super::running_server::RunningServer;
use super::busy::Busy;
use super::figures::Figures;
use crate::process;

/// The clients of a run, which ask a server for tokens.
pub(super) struct Crowd<'a> {
    server: &'a RunningServer,
    command: Command,
}

/// What a group asks with.
pub(super) enum Asks<'a> {
    /// The first of the bodies in a file.
    Own(&'a Path, u32),
    /// A client id, with secrets that are wrong.
    Wrong(&'a str),
    /// Client ids that nobody has.
    Strangers,
}

/// Clients that ask alike.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) asks: Asks<'a>,
    pub(super) connections: u32,
    /// In a second, of all together; `None`: the next as soon as the one before is answered.
    pub(super) rate: Option<u32>,
    /// From the start of the run, in seconds.
    pub(super) from: u64,
    pub(super) seconds: u64,
    /// How many of these seconds do not count.
    pub(super) warm_up: u64,
    /// How many addresses they come from in turn, in a network of this number; `None`: our own.
    pub(super) addresses: Option<(u32, u8)>,
}

impl<'a> Crowd<'a> {
    pub(super) fn before(bench: &Bench, server: &'a RunningServer, lane: Lane) -> Self {
        let mut command = bench.placement.load(bench.programs.join("turnkeep-bench"));
        command.args(["overload", "--address", &server.address().to_string()]);
        command.args(["--path", &server.subject().path(lane), "--suffix", &lane.suffix()]);
        command.args(["--expect", lane.expected().unwrap_or_default()]);
        Self { server, command }
    }

    pub(super) fn with(mut self, group: &Group<'_>) -> Self {
        self.command.arg("--group").arg(group.text());
        self
    }

    pub(super) fn ask(mut self) -> anyhow::Result<Figures> {
        let before = Busy::now(self.server)?;
        let output = process::output(&mut self.command)?;
        let others = before.others_until(&Busy::now(self.server)?);
        Figures::read(&output, others)
    }
}

impl Group<'_> {
    /// As the load generator takes it.
    fn text(&self) -> String {
        let asks = match self.asks {
            Asks::Own(file, most) => format!("own:{},most={most}", file.display()),
            Asks::Wrong(client_id) => format!("wrong:{client_id}"),
            Asks::Strangers => "strangers".to_owned(),
        };
        let Self { name, connections, from, seconds, warm_up, .. } = self;
        let mut text = format!(
            "name={name},asks={asks},connections={connections},from={from},seconds={seconds},warm_up={warm_up}"
        );
        if let Some(rate) = self.rate {
            text.push_str(&format!(",rate={rate}"));
        }
        if let Some((addresses, network)) = self.addresses {
            text.push_str(&format!(",addresses={addresses},network={network}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_told_in_a_line() {
        let group = Group {
            name: "noisy",
            asks: Asks::Own(Path::new("/a/b.txt"), 3),
            connections: 5,
            rate: Some(7),
            from: 1,
            seconds: 9,
            warm_up: 2,
            addresses: Some((4, 1)),
        };
        assert_eq!(
            group.text(),
            "name=noisy,asks=own:/a/b.txt,most=3,connections=5,from=1,seconds=9,warm_up=2,rate=7,addresses=4,\
             network=1"
        );
    }
}
