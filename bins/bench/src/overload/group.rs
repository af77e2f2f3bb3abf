//! Clients that ask for the same kind of thing at the same rate, and how the command line describes them.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

/// What a group's requests say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asks {
    /// What a file has in its lines, one after the other.
    Own(PathBuf),
    /// A client id with secrets that are not its own.
    Wrong(String),
    /// As clients that nobody has ever heard of, each time as another one.
    Strangers,
}

/// A group of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) asks: Asks,
    /// How many lines of the file are used, from the first on.
    pub(super) most: usize,
    pub(super) connections: u32,
    /// Requests in a second, of all connections together; `None`: each as soon as the one before is answered.
    pub(super) rate: Option<u32>,
    /// When they begin, counted from the start of the run.
    pub(super) from: Duration,
    /// How long they go on asking.
    pub(super) lasts: Duration,
    /// What is asked before does not count, except in the slices.
    pub(super) warm_up: Duration,
    /// How many addresses they come from, one request after the other; 0: they do not say.
    pub(super) addresses: u32,
    /// The second number of these addresses, so that two groups share none.
    pub(super) network: u8,
}

impl Group {
    /// `NAME=VALUE` with commas between; times are whole seconds.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut group = Self {
            name: String::new(),
            asks: Asks::Strangers,
            most: usize::MAX,
            connections: 64,
            rate: None,
            from: Duration::ZERO,
            lasts: Duration::ZERO,
            warm_up: Duration::ZERO,
            addresses: 0,
            network: 0,
        };
        for field in text.split(',') {
            let (key, value) = field.split_once('=').with_context(|| format!("`{field}` has no value"))?;
            group.set(key, value).with_context(|| format!("`{field}`"))?;
        }
        ensure!(!group.name.is_empty(), "a group has no name");
        ensure!(!group.lasts.is_zero() && group.connections > 0, "a group asks nothing");
        ensure!(group.warm_up < group.lasts, "a group does nothing but warm up");
        ensure!(group.addresses <= 1 << 16, "that are more addresses than a network has");
        Ok(group)
    }

    fn set(&mut self, key: &str, value: &str) -> anyhow::Result<()> {
        let seconds = || -> anyhow::Result<_> { Ok(Duration::from_secs(value.parse()?)) };
        match key {
            "name" => self.name = value.to_owned(),
            "asks" => self.asks = Asks::parse(value)?,
            "most" => self.most = value.parse()?,
            "connections" => self.connections = value.parse()?,
            "rate" => self.rate = Some(value.parse::<std::num::NonZeroU32>()?.get()),
            "from" => self.from = seconds()?,
            "seconds" => self.lasts = seconds()?,
            "warm_up" => self.warm_up = seconds()?,
            "addresses" => self.addresses = value.parse()?,
            "network" => self.network = value.parse()?,
            _ => bail!("there is no such field"),
        }
        Ok(())
    }

    /// When they stop.
    pub(super) fn end(&self) -> Duration {
        self.from + self.lasts
    }

    /// When a client's request is due, counted from the start of the run: the clients take turns, evenly spaced.
    /// `None`: it never is, or it is as soon as it can be sent, which `rate` tells apart.
    pub(super) fn due(&self, client: u32, request: u64) -> Option<Duration> {
        let rate = f64::from(self.rate?);
        let turn = u64::from(client) + request * u64::from(self.connections);
        let due = self.from
            + Duration::from_secs_f64(u32::try_from(turn).map_or(f64::MAX, f64::from).min(1e12) / rate);
        Some(due)
    }

    /// How many requests are due that count; of a group without a rate nobody can say.
    pub(super) fn offered(&self) -> Option<u64> {
        Some(u64::from(self.rate?) * (self.lasts - self.warm_up).as_secs())
    }
}

impl Asks {
    fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(match text.split_once(':') {
            Some(("own", file)) => Self::Own(file.into()),
            Some(("wrong", client_id)) => Self::Wrong(client_id.to_owned()),
            None if text == "strangers" => Self::Strangers,
            _ => bail!("there are own:FILE, wrong:CLIENT_ID and strangers"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_described_in_a_line() {
        let text = "name=noisy,asks=own:/tmp/a.txt,most=5,connections=2,rate=4,from=1,seconds=10,warm_up=3,\
                    addresses=7,network=9";
        let group = Group::parse(text).unwrap();
        assert_eq!(group.asks, Asks::Own("/tmp/a.txt".into()));
        assert_eq!((group.end(), group.offered()), (Duration::from_secs(11), Some(28)));
        let own = Group::parse("name=a,asks=wrong:tk_1,seconds=1").unwrap();
        assert_eq!((own.asks.clone(), own.offered()), (Asks::Wrong("tk_1".to_owned()), None));
    }

    #[test]
    fn clients_take_turns() {
        let group = Group::parse("name=a,connections=2,rate=4,from=1,seconds=2").unwrap();
        let millis = |client, request| group.due(client, request).unwrap().as_millis();
        assert_eq!([millis(0, 0), millis(1, 0), millis(0, 1), millis(1, 1)], [1_000, 1_250, 1_500, 1_750]);
        let eager = Group::parse("name=a,seconds=2").unwrap();
        assert_eq!(eager.due(0, 0), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "name=a",
            "seconds=1",
            "name=a,seconds=0",
            "name=a,seconds=1,warm_up=1",
            "name=a,seconds=1,rate=0",
            "name=a,seconds=1,connections=0",
            "name=a,seconds=1,asks=own",
            "name=a,seconds=1,color=red",
            "name=a,seconds=1,addresses=65537",
        ] {
            assert!(Group::parse(text).is_err(), "{text}");
        }
    }
}
