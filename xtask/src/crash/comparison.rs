//! Records held against what was acknowledged.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::doubt::live_secrets;
use super::holdings::Holdings;
use super::record::{Kind, Record, is_as_acknowledged};
use crate::management::{Api, Credentials, fetch_token, text};

/// Compares each record that was touched since the last time, or all of them.
pub(super) fn compare(
    api: &mut Api,
    address: SocketAddr,
    holdings: &mut Holdings,
    all: bool,
) -> anyhow::Result<usize> {
    let mut compared = 0;
    for index in 0..holdings.records.len() {
        let Some(record) = holdings.records.get(index).filter(|record| all || record.touched) else {
            continue;
        };
        let mut record = record.clone();
        compare_one(api, &record).with_context(|| format!("acknowledged {}", record.path()))?;
        if record.kind == Kind::App && record.shown.is_some() {
            compare_secret(api, address, &mut record, holdings)
                .with_context(|| format!("secret of {}", record.path()))?;
        }
        record.touched = false;
        if let Some(place) = holdings.records.get_mut(index) {
            *place = record;
        }
        compared += 1;
    }
    Ok(compared)
}

fn compare_one(api: &mut Api, record: &Record) -> anyhow::Result<()> {
    let found = api.find(&record.path())?;
    match (&found, &record.shown) {
        (None, None) => Ok(()),
        (None, Some(_)) => anyhow::bail!("is lost"),
        (Some(_), None) => anyhow::bail!("was deleted and is there again"),
        (Some(found), Some(acknowledged)) => {
            ensure!(
                is_as_acknowledged(found, acknowledged)?,
                "is {found}, was acknowledged as {acknowledged}"
            );
            Ok(())
        }
    }
}

/// The last secret that was given out is the only live one, and it is good for a token.
fn compare_secret(
    api: &mut Api,
    address: SocketAddr,
    record: &mut Record,
    holdings: &Holdings,
) -> anyhow::Result<()> {
    let live = live_secrets(api, &record.id)?;
    let [live] = live.as_slice() else { anyhow::bail!("there are {} live ones", live.len()) };
    let known = record.secret.take();
    if let Some((id, _)) = &known {
        ensure!(id.is_empty() || id == live, "{live} is live, {id} was acknowledged");
    }
    record.secret = Some((live.clone(), known.and_then(|(_, secret)| secret)));
    if let Some(secret) = record.live_secret().filter(|_| holdings.is_tenant_active(record)) {
        let client_id = text(record.shown.as_ref().unwrap_or(&Value::Null), "client_id")?;
        fetch_token(address, &Credentials { client_id, client_secret: secret.to_owned() })?;
    }
    Ok(())
}
