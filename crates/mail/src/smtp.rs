//! Messages handed over to a mail server (RFC 5321), which takes them on from there.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{SmtpTransport, Transport};

use crate::deliver::{Deliver, DeliveryError};
use crate::message::MailMessage;
use crate::sender::Sender;
use crate::smtp_settings::{Encryption, SmtpServer, SmtpSettings, SmtpSettingsError};
use crate::writing::{self, Encoding};

/// A mail server. Each message has a connection of its own: they are few, and a broken connection costs no second one.
pub struct Smtp {
    transport: SmtpTransport,
    from: Sender,
    place: String,
}

impl Smtp {
    /// Takes the settings apart. The server is asked nothing yet.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SmtpSettingsError> {
        let server = SmtpServer::parse(&settings.url)?;
        let tls = match server.encryption {
            Encryption::Immediate => Tls::Wrapper(tls_parameters(&server)?),
            Encryption::Required => Tls::Required(tls_parameters(&server)?),
            Encryption::Opportunistic => Tls::Opportunistic(tls_parameters(&server)?),
            Encryption::None => Tls::None,
        };
        let mut builder = SmtpTransport::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .hello_name(ClientId::Domain(settings.from.host().to_owned()))
            .timeout(Some(settings.timeout));
        if let Some((user, password)) = &server.credentials {
            builder =
                builder.credentials(Credentials::new(user.expose().to_owned(), password.expose().to_owned()));
        }
        let place = format!("{}:{}", server.host, server.port);
        Ok(Self { transport: builder.build(), from: settings.from.clone(), place })
    }
}

impl Deliver for Smtp {
    fn deliver(&self, message: &MailMessage) -> Result<(), DeliveryError> {
        let message = writing::write(message, &self.from, Encoding::SevenBit)?;
        self.transport.send(&message).map(drop).map_err(|error| delivery_error(&error))
    }
}

/// What the server said in words may repeat an address, and is left out.
fn delivery_error(error: &lettre::transport::smtp::Error) -> DeliveryError {
    let status = error.status().map(u16::from);
    match status {
        Some(status) if error.is_permanent() => DeliveryError::Refused(status),
        Some(status) => DeliveryError::PutOff(status),
        None if is_timeout(error) => DeliveryError::Timeout,
        None if error.is_tls() => DeliveryError::Tls,
        None => DeliveryError::Unreachable,
    }
}

/// Reading from a socket says that it would block when its time is over, which the library takes for another error.
fn is_timeout(error: &lettre::transport::smtp::Error) -> bool {
    let sources = std::iter::successors(error.source(), |source| (*source).source());
    let mut kinds = sources.filter_map(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.any(|kind| matches!(kind, ErrorKind::TimedOut | ErrorKind::WouldBlock))
}

fn tls_parameters(server: &SmtpServer) -> Result<TlsParameters, SmtpSettingsError> {
    TlsParameters::new(server.host.clone()).map_err(|_| SmtpSettingsError::Unavailable)
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("place", &self.place).finish_non_exhaustive()
    }
}
