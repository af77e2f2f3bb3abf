//! What a call says about the nodes that it waited for: the header `Turnkeep-Applied`.

use std::time::Duration;

use anyhow::{Context, bail};

/// Of one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) sequence: u64,
    /// Other nodes that were waited for.
    pub(super) nodes: u64,
    /// Those of them whose lease had to run out.
    pub(super) fenced: u64,
    pub(super) waited: Duration,
}

impl Applied {
    /// Reads a dictionary (RFC 9651 §3.2) such as `sequence=42, nodes=3, fenced=0, waited=7`.
    pub(super) fn parse(header: &str) -> anyhow::Result<Self> {
        let mut applied = Self::default();
        for member in header.split(',') {
            let (name, value) = member.trim().split_once('=').context("a member has no value")?;
            let value: u64 = value.parse().context("a value is not a number")?;
            match name {
                "sequence" => applied.sequence = value,
                "nodes" => applied.nodes = value,
                "fenced" => applied.fenced = value,
                "waited" => applied.waited = Duration::from_millis(value),
                _ => bail!("there is no member `{name}`"),
            }
        }
        Ok(applied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read() {
        let applied = Applied::parse("sequence=42, nodes=3, fenced=1, waited=7").unwrap();
        let waited = Duration::from_millis(7);
        assert_eq!(applied, Applied { sequence: 42, nodes: 3, fenced: 1, waited });
        for wrong in ["", "sequence", "sequence=a", "sequence=1, sequel=2"] {
            assert!(Applied::parse(wrong).is_err(), "{wrong}");
        }
    }
}
