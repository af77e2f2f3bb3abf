//! Where settings come from: flags, then environment variables, then the configuration file, then defaults. An
//! error names the setting and where its value came from, never the value.

mod mail;
mod protection;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use turnkeep_embed::mail::MailSettings;
use turnkeep_guard::client_address::TrustedProxies;
use turnkeep_outbound::allow_list::{AllowList, AllowListError};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::pool::Notifications;

use protection::ProtectionConfiguration;

use crate::command_line::{ServerSettings, Settings};
use crate::logging::LogFormat;
use crate::system;
use crate::trace_export::settings::{OtlpEndpoint, TraceSettings, parse_ratio};

/// Every setting: its key in the file, and with `TURNKEEP_` before it in upper case its variable.
const KEYS: [&str; 17] = [
    "data",
    "database",
    "master_key_file",
    "listen",
    "base_url",
    "workers",
    "trusted_proxies",
    "storage_allow_list",
    "logout_allow_list",
    "audit_retention_days",
    "cluster_notifications",
    "serve_stale_seconds",
    "snapshot_apps",
    "log",
    "log_format",
    "otlp_endpoint",
    "otlp_sample_ratio",
];

/// Those of every kind.
fn keys() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter().chain(protection::KEYS).chain(mail::KEYS)
}

/// The variable with the master key itself, for platforms that hand secrets over that way.
pub(crate) const MASTER_KEY_VARIABLE: &str = "TURNKEEP_MASTER_KEY";

#[derive(Debug, Clone)]
enum Source {
    Flag,
    Variable(String),
    File(PathBuf),
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("from the command line"),
            Self::Variable(name) => write!(f, "from {name}"),
            Self::File(path) => write!(f, "from {}", path.display()),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// Settings as texts, each with its source.
#[derive(Debug, Default)]
struct Layers(BTreeMap<&'static str, (String, Source)>);

impl Layers {
    fn read(config: Option<&Path>, flags: &[(&'static str, &Option<String>)]) -> anyhow::Result<Self> {
        let mut layers = Self::default();
        if let Some(path) = config {
            layers.read_file(path)?;
        }
        for key in keys() {
            let variable = format!("TURNKEEP_{}", key.to_uppercase());
            if let Some(value) = system::variable(&variable)? {
                layers.0.insert(key, (value, Source::Variable(variable)));
            }
        }
        for (key, flag) in flags {
            if let Some(value) = flag {
                layers.0.insert(key, (value.clone(), Source::Flag));
            }
        }
        Ok(layers)
    }

    fn read_file(&mut self, path: &Path) -> anyhow::Result<()> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the configuration file {shown}"))?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .map_or(1, |span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
            anyhow!("{shown}, line {line}: {}", error.message())
        })?;
        for (name, value) in table {
            let Some(key) = keys().find(|key| *key == name) else {
                let known: Vec<&str> = keys().collect();
                bail!("{shown}: there is no setting `{name}`; there are {}", known.join(", "));
            };
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
                    items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
                }
                _ => {
                    bail!("{key} ({}) must be a text, a number or a list of texts", Source::File(path.into()))
                }
            };
            self.0.insert(key, (value, Source::File(path.to_owned())));
        }
        Ok(())
    }

    /// The value of a setting, parsed; a default is parsed like any other value.
    fn parse<T, E: fmt::Display>(
        &self,
        key: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> anyhow::Result<T> {
        let given = self.0.get(key);
        let (text, source) =
            given.map_or((default, &Source::Default), |(text, source)| (text.as_str(), source));
        parse(text).map_err(|error| anyhow!("{key} ({source}): {error}"))
    }

    fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

/// What every command that opens the database needs.
#[derive(Debug)]
pub(crate) struct DataConfiguration {
    /// Folder for files.
    pub(crate) data: PathBuf,
    /// The database.
    pub(crate) database: DatabaseUrl,
    /// Where the master key is, unless it is in the environment.
    pub(crate) master_key_file: PathBuf,
    /// Where storage of apps may be beyond the public internet.
    pub(crate) storage_allow_list: AllowList,
    /// Where apps may be told of logouts beyond the public internet.
    pub(crate) logout_allow_list: AllowList,
    /// What becomes of invitations and of links for a new password.
    pub(crate) mail: MailSettings,
    /// Whether nodes tell each other of changes through the database.
    pub(crate) notifications: Notifications,
    /// How much longer than the guarantee allows a node goes on that is cut off.
    pub(crate) serve_stale: Duration,
    /// How many apps are kept in memory.
    pub(crate) snapshot_apps: usize,
}

impl DataConfiguration {
    /// Reads the settings.
    pub(crate) fn read(settings: &Settings, default_data: &str) -> anyhow::Result<Self> {
        Self::from_layers(&layers(settings, &[])?, default_data)
    }

    fn from_layers(layers: &Layers, default_data: &str) -> anyhow::Result<Self> {
        let data = layers.parse("data", default_data, parse_path)?;
        let default_database = format!("sqlite:{}", data.join("turnkeep.db").display());
        let database = layers.parse("database", &default_database, DatabaseUrl::parse)?;
        let default_key = data.join("master.key").display().to_string();
        let master_key_file = layers.parse("master_key_file", &default_key, parse_path)?;
        let storage_allow_list = layers.parse("storage_allow_list", "", parse_allow_list)?;
        let logout_allow_list = layers.parse("logout_allow_list", "", parse_allow_list)?;
        Ok(Self {
            mail: mail::read(layers, &data)?,
            data,
            database,
            master_key_file,
            storage_allow_list,
            logout_allow_list,
            notifications: layers.parse("cluster_notifications", "on", parse_notifications)?,
            serve_stale: layers.parse("serve_stale_seconds", "0", parse_stale)?,
            snapshot_apps: layers.parse("snapshot_apps", "100000", parse_snapshot_apps)?,
        })
    }
}

/// What a running server needs on top.
#[derive(Debug)]
pub(crate) struct ServerConfiguration {
    /// Files and database.
    pub(crate) data: DataConfiguration,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// `None`: `http://` and the address that was listened on.
    pub(crate) base_url: Option<BaseUrl>,
    /// Threads that serve requests.
    pub(crate) workers: usize,
    /// Whose `X-Forwarded-For` to believe.
    pub(crate) trusted_proxies: TrustedProxies,
    /// How the server protects itself.
    pub(crate) protection: ProtectionConfiguration,
    /// How long events stay in the audit trails; `None` is for ever.
    pub(crate) audit_retention: Option<Duration>,
    /// What to log.
    pub(crate) log: String,
    /// How to log.
    pub(crate) log_format: LogFormat,
    /// Where traces go, if anywhere.
    pub(crate) traces: Option<TraceSettings>,
}

impl ServerConfiguration {
    /// Reads the settings.
    pub(crate) fn read(settings: &ServerSettings, default_data: &str) -> anyhow::Result<Self> {
        let own = [("listen", &settings.listen), ("base_url", &settings.base_url)];
        let layers = layers(&settings.common, &own)?;
        let listen: SocketAddr = layers.parse("listen", "127.0.0.1:8080", parse_listen)?;
        let base_url = match layers.has("base_url") {
            true => Some(layers.parse("base_url", "", BaseUrl::parse)?),
            false if listen.ip().is_unspecified() => {
                bail!(
                    "base_url must be set when listening on every address: clients need to know where the issuer is"
                )
            }
            false => None,
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            data: DataConfiguration::from_layers(&layers, default_data)?,
            listen,
            base_url,
            workers: layers.parse("workers", &cores.to_string(), parse_workers)?,
            trusted_proxies: layers.parse("trusted_proxies", "", TrustedProxies::parse)?,
            protection: ProtectionConfiguration::from_layers(&layers)?,
            audit_retention: layers.parse("audit_retention_days", "", parse_retention)?,
            log: layers.parse("log", "info", |text| Ok::<_, String>(text.to_owned()))?,
            log_format: layers.parse("log_format", "text", LogFormat::parse)?,
            traces: read_traces(&layers)?,
        })
    }

    /// The base URL; unless it is configured, made of the address that is listened on.
    pub(crate) fn base_url_at(&self, address: SocketAddr) -> anyhow::Result<BaseUrl> {
        match &self.base_url {
            Some(base_url) => Ok(base_url.clone()),
            None => {
                BaseUrl::parse(&format!("http://{address}")).map_err(|error| anyhow!("base_url: {error}"))
            }
        }
    }
}

fn read_traces(layers: &Layers) -> anyhow::Result<Option<TraceSettings>> {
    let sample_ratio = layers.parse("otlp_sample_ratio", "1", parse_ratio)?;
    let endpoint = layers.parse("otlp_endpoint", "", parse_otlp_endpoint)?;
    Ok(endpoint.map(|endpoint| TraceSettings { endpoint, sample_ratio }))
}

/// Nobody is told anything unless somebody has said so.
fn parse_otlp_endpoint(text: &str) -> Result<Option<OtlpEndpoint>, &'static str> {
    if text.is_empty() { Ok(None) } else { OtlpEndpoint::parse(text).map(Some) }
}

fn layers(settings: &Settings, more: &[(&'static str, &Option<String>)]) -> anyhow::Result<Layers> {
    let mut flags = vec![
        ("data", &settings.data),
        ("database", &settings.database),
        ("master_key_file", &settings.master_key_file),
    ];
    flags.extend_from_slice(more);
    let from_environment = system::variable("TURNKEEP_CONFIG")?.map(PathBuf::from);
    Layers::read(settings.config.as_deref().or(from_environment.as_deref()), &flags)
}

fn parse_path(text: &str) -> Result<PathBuf, &'static str> {
    if text.is_empty() { Err("must not be empty") } else { Ok(PathBuf::from(text)) }
}

fn parse_listen(text: &str) -> Result<SocketAddr, &'static str> {
    let named = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    match named {
        Some(port) => Ok(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port)),
        None => text.parse().map_err(|_| "must be ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080"),
    }
}

/// Separated by commas, as lists are everywhere in the settings.
fn parse_allow_list(text: &str) -> Result<AllowList, AllowListError> {
    if text.trim().is_empty() { Ok(AllowList::empty()) } else { AllowList::parse(text.split(',')) }
}

fn parse_notifications(text: &str) -> Result<Notifications, &'static str> {
    match text {
        "on" => Ok(Notifications::Sent),
        "off" => Ok(Notifications::Off),
        _ => Err("must be on or off"),
    }
}

fn parse_stale(text: &str) -> Result<Duration, &'static str> {
    match text.parse() {
        Ok(seconds) if seconds <= 3_600 => Ok(Duration::from_secs(seconds)),
        Ok(_) | Err(_) => Err("must be a number of seconds from 0 to 3600"),
    }
}

fn parse_snapshot_apps(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        Ok(apps) if (1..=10_000_000).contains(&apps) => Ok(apps),
        Ok(_) | Err(_) => Err("must be a number of apps from 1 to 10000000"),
    }
}

/// Nothing is taken away unless somebody has said so.
fn parse_retention(text: &str) -> Result<Option<Duration>, &'static str> {
    if text.is_empty() { Ok(None) } else { parse_days(text).map(Some) }
}

/// Whole days, for retention.
pub(crate) fn parse_days(text: &str) -> Result<Duration, &'static str> {
    match text.parse::<u64>() {
        Ok(days) if (1..=36_500).contains(&days) => Ok(Duration::from_secs(days * 86_400)),
        Ok(_) | Err(_) => Err("must be a number of days from 1 to 36500"),
    }
}

fn parse_workers(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        Ok(workers) if (1..=1024).contains(&workers) => Ok(workers),
        Ok(_) | Err(_) => Err("must be a number from 1 to 1024"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_in_the_documentation() {
        let documented = include_str!("../../../docs/configuration.md");
        for key in keys() {
            let (named, variable) = (format!("`{key}`"), format!("`TURNKEEP_{}`", key.to_uppercase()));
            let rows: Vec<&str> = documented.lines().filter(|line| line.starts_with("| `")).collect();
            let row = rows.iter().find(|row| row.contains(&named)).unwrap_or_else(|| panic!("{key}"));
            assert!(row.contains(&variable) || row.contains(", … |"), "{key}");
        }
    }
}
