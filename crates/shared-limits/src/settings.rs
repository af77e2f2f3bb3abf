//! Which server counts, and how long it may take.

use std::fmt;
use std::time::Duration;

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};

/// Why the address of a server is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be `redis://[user:password@]host[:port][/database]`, `rediss://…` for TLS, or `unix:///path/of/socket`"
)]
pub struct SharedLimitsSettingsError;

/// A server, with what is needed to use it.
#[derive(Clone)]
pub struct SharedLimitsSettings {
    /// How long an answer may take before the server counts as gone.
    pub patience: Duration,
    /// How long a server that is gone is left alone.
    pub retry_every: Duration,
    /// Certificates in PEM to trust for TLS instead of those of the system.
    pub trusted_roots: Option<Vec<u8>>,
    pub(crate) server: ConnectionInfo,
}

impl SharedLimitsSettings {
    /// Parses the URL of a server; 50 ms for an answer, a second between attempts to reach it.
    pub fn parse(url: &str) -> Result<Self, SharedLimitsSettingsError> {
        let schemes = ["redis://", "rediss://", "valkey://", "valkeys://", "unix://"];
        let has_scheme = schemes.iter().any(|scheme| url.starts_with(scheme));
        let server = url.into_connection_info().map_err(|_| SharedLimitsSettingsError)?;
        // `#insecure` would take any certificate.
        let is_checked = !matches!(server.addr(), ConnectionAddr::TcpTls { insecure: true, .. });
        if !has_scheme || !is_checked {
            return Err(SharedLimitsSettingsError);
        }
        Ok(Self {
            patience: Duration::from_millis(50),
            retry_every: Duration::from_secs(1),
            trusted_roots: None,
            server,
        })
    }

    pub(crate) fn uses_tls(&self) -> bool {
        matches!(self.server.addr(), ConnectionAddr::TcpTls { .. })
    }
}

impl fmt::Debug for SharedLimitsSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { patience, retry_every, trusted_roots: _, server } = self;
        formatter
            .debug_struct("SharedLimitsSettings")
            .field("server", &server.addr().to_string())
            .field("uses_tls", &self.uses_tls())
            .field("patience", patience)
            .field("retry_every", retry_every)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_by_url() {
        for (url, server, uses_tls) in [
            ("redis://redis.internal", "redis.internal:6379", false),
            ("redis://10.0.0.5:6380/3", "10.0.0.5:6380", false),
            ("rediss://turnkeep:canary@redis.internal:6380", "redis.internal:6380", true),
            ("valkeys://:canary@[2001:db8::1]", "2001:db8::1:6379", true),
            ("unix:///run/redis/redis.sock?pass=canary", "/run/redis/redis.sock", false),
        ] {
            let settings = SharedLimitsSettings::parse(url).unwrap();
            assert_eq!(
                (settings.server.addr().to_string().as_str(), settings.uses_tls()),
                (server, uses_tls)
            );
            let shown = format!("{settings:?}");
            assert!(shown.contains(server) && !shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for url in [
            "",
            "redis.internal:6379",
            "http://redis.internal",
            "redis://",
            "redis://redis.internal:port",
            "redis://redis.internal/zero",
            "rediss://redis.internal/#insecure",
            "/run/redis/redis.sock",
        ] {
            assert!(SharedLimitsSettings::parse(url).is_err(), "{url}");
        }
    }
}
