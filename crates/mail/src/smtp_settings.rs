//! Where mail is handed over, as one URL.

use std::net::IpAddr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use turnkeep_secret::plaintext::PlaintextSecret;
use url::{Host, Url};

use crate::sender::Sender;

/// How to reach a mail server. The URL may have a password in it, and does not print.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// `smtps://user:password@host:465` (TLS from the first byte, RFC 8314 §3.3), or
    /// `smtp://user:password@host:587?tls=required|opportunistic|none` (STARTTLS; `required` unless said otherwise).
    /// User and password are percent-encoded; both or none. A password needs TLS for sure, and `none` a loopback
    /// address.
    pub url: PlaintextSecret,
    /// Whom messages are from.
    pub from: Sender,
    /// How long the server may take for each of its answers.
    pub timeout: Duration,
}

impl SmtpSettings {
    /// What [`Self::timeout`] should be unless there is a reason.
    pub const TIMEOUT: Duration = Duration::from_secs(10);
}

/// Why settings cannot be used. It repeats nothing of the URL, which may have a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmtpSettingsError {
    /// Not a URL with a host.
    #[error("the address of the mail server is not a URL with a host")]
    Url,
    /// Neither `smtp` nor `smtps`.
    #[error("the address of the mail server starts with smtps:// or smtp://")]
    Scheme,
    /// A path or fragment, or a query other than `tls`.
    #[error("the address of the mail server has no path, and no query but tls")]
    Surplus,
    /// `tls` is none of the three, or given for `smtps`.
    #[error("tls is required, opportunistic or none, and for smtp:// only")]
    Tls,
    /// A user without a password or a password without a user, or text that is not UTF-8.
    #[error("the address of the mail server has a user and a password, or neither")]
    Credentials,
    /// A password, and a connection that may not be encrypted.
    #[error("a password is sent over an encrypted connection, or to this machine only")]
    PasswordInTheClear,
    /// `tls=none` and a server elsewhere.
    #[error("tls=none is for a mail server on this machine only")]
    NotLoopback,
    /// The parts of TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Unavailable,
}

/// When the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// From the first byte.
    Immediate,
    /// After STARTTLS, without which nothing is sent.
    Required,
    /// After STARTTLS if the server offers it.
    Opportunistic,
    /// Never.
    None,
}

/// The parts of the URL.
#[derive(Debug, Clone)]
pub(crate) struct SmtpServer {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    pub(crate) credentials: Option<(PlaintextSecret, PlaintextSecret)>,
}

impl SmtpServer {
    pub(crate) fn parse(url: &PlaintextSecret) -> Result<Self, SmtpSettingsError> {
        let url = Url::parse(url.expose()).map_err(|_| SmtpSettingsError::Url)?;
        let encryption = encryption(&url)?;
        let default_port = if encryption == Encryption::Immediate { 465 } else { 587 };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpSettingsError::Url)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SmtpSettingsError::Surplus);
        }
        let is_here = is_loopback(&url);
        let credentials = credentials(&url)?;
        match encryption {
            Encryption::None if !is_here => return Err(SmtpSettingsError::NotLoopback),
            Encryption::Opportunistic if !is_here && credentials.is_some() => {
                return Err(SmtpSettingsError::PasswordInTheClear);
            }
            Encryption::None | Encryption::Opportunistic | Encryption::Immediate | Encryption::Required => {}
        }
        // What is bracketed in a URL is not where one connects to.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: url.port().unwrap_or(default_port), encryption, credentials })
    }
}

fn encryption(url: &Url) -> Result<Encryption, SmtpSettingsError> {
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" {
            return Err(SmtpSettingsError::Surplus);
        }
        if tls.replace(value).is_some() {
            return Err(SmtpSettingsError::Tls);
        }
    }
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None) => Ok(Encryption::Immediate),
        ("smtp", None | Some("required")) => Ok(Encryption::Required),
        ("smtp", Some("opportunistic")) => Ok(Encryption::Opportunistic),
        ("smtp", Some("none")) => Ok(Encryption::None),
        ("smtps" | "smtp", Some(_)) => Err(SmtpSettingsError::Tls),
        _ => Err(SmtpSettingsError::Scheme),
    }
}

fn credentials(url: &Url) -> Result<Option<(PlaintextSecret, PlaintextSecret)>, SmtpSettingsError> {
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8().map_err(|_| SmtpSettingsError::Credentials)?;
        Ok(PlaintextSecret::new(decoded.into_owned()))
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None | Some("")) => Err(SmtpSettingsError::Credentials),
        (user, Some(password)) => Ok(Some((decode(user)?, decode(password)?))),
    }
}

/// The host of a URL that is not of the web is an opaque text, even if it is an address.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<SmtpServer, SmtpSettingsError> {
        SmtpServer::parse(&PlaintextSecret::new(url.to_owned()))
    }

    #[test]
    fn a_url_says_where_and_how() {
        for (url, host, port, encryption) in [
            ("smtps://mail.example.com", "mail.example.com", 465, Encryption::Immediate),
            ("smtps://a:b@mail.example.com:1465/", "mail.example.com", 1465, Encryption::Immediate),
            ("smtp://a:b@mail.example.com", "mail.example.com", 587, Encryption::Required),
            ("smtp://mail.example.com:25?tls=required", "mail.example.com", 25, Encryption::Required),
            ("smtp://mail.example.com?tls=opportunistic", "mail.example.com", 587, Encryption::Opportunistic),
            ("smtp://127.0.0.1:1025?tls=none", "127.0.0.1", 1025, Encryption::None),
            ("smtp://a:b@localhost:1025?tls=none", "localhost", 1025, Encryption::None),
            ("smtp://[::1]:1025?tls=none", "::1", 1025, Encryption::None),
        ] {
            let server = parse(url).unwrap();
            assert_eq!(
                (server.host.as_str(), server.port, server.encryption),
                (host, port, encryption),
                "{url}"
            );
        }
    }

    #[test]
    fn what_would_be_guesswork_or_send_a_password_in_the_clear_is_refused() {
        for (url, error) in [
            ("mail.example.com", SmtpSettingsError::Url),
            ("smtp:///", SmtpSettingsError::Url),
            ("https://mail.example.com", SmtpSettingsError::Scheme),
            ("smtps://mail.example.com/ehlo", SmtpSettingsError::Surplus),
            ("smtps://mail.example.com?timeout=3", SmtpSettingsError::Surplus),
            ("smtps://mail.example.com?tls=none", SmtpSettingsError::Tls),
            ("smtp://mail.example.com?tls=yes", SmtpSettingsError::Tls),
            ("smtp://mail.example.com?tls=required&tls=none", SmtpSettingsError::Tls),
            ("smtps://user@mail.example.com", SmtpSettingsError::Credentials),
            ("smtps://:password@mail.example.com", SmtpSettingsError::Credentials),
            ("smtps://user:%ff@mail.example.com", SmtpSettingsError::Credentials),
            ("smtp://a:b@mail.example.com?tls=opportunistic", SmtpSettingsError::PasswordInTheClear),
            ("smtp://mail.example.com?tls=none", SmtpSettingsError::NotLoopback),
            ("smtp://10.0.0.1?tls=none", SmtpSettingsError::NotLoopback),
            ("smtp://localhost.example.com?tls=none", SmtpSettingsError::NotLoopback),
        ] {
            assert_eq!(parse(url).err(), Some(error), "{url}");
        }
    }

    #[test]
    fn credentials_are_decoded_and_not_printed() {
        let server = parse("smtps://us%40er:can%2Fary@mail.example.com").unwrap();
        let (user, password) = server.credentials.as_ref().unwrap();
        assert_eq!((user.expose(), password.expose()), ("us@er", "can/ary"));
        let settings = SmtpSettings {
            url: PlaintextSecret::new("smtps://u:canary@mail.example.com".to_owned()),
            from: Sender::parse("a@example.com").unwrap(),
            timeout: SmtpSettings::TIMEOUT,
        };
        let printed = format!("{server:?} {settings:?} {:?}", parse("smtps://canary").err());
        assert!(!printed.contains("can/ary") && !printed.contains("canary@"), "{printed}");
    }
}
