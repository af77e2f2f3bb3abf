//! What a command to a server works with: the connection, the screen, and whether it may ask.

use crate::remote::address::Address;
use crate::remote::call::Call;
use crate::remote::confirm::{Subject, confirm};
use crate::remote::connection::Connection;
use crate::remote::credentials::Credentials;
use crate::remote::flags::RemoteFlags;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;
use crate::system::variable;

/// A command to a server, once it is known to which.
pub(crate) struct Session {
    /// The way there.
    pub(crate) connection: Connection,
    /// Where to show what comes back.
    pub(crate) screen: Screen,
    /// Whether everything is agreed to beforehand.
    pub(crate) yes: bool,
}

impl Session {
    /// The server that is named by the flags or the environment; `None` if neither names one.
    pub(crate) fn open(flags: &RemoteFlags) -> RemoteResult<Option<Self>> {
        let from_environment =
            variable("TURNKEEP_SERVER").map_err(|error| RemoteError::Usage(error.to_string()))?;
        let Some(server) = flags.server.clone().or(from_environment) else { return Ok(None) };
        let address = Address::parse(&server, flags.allow_http)?;
        let connection = Connection::new(
            address,
            flags.instance.clone(),
            Credentials::read(flags)?,
            flags.credentials_instance.clone(),
        )?;
        let screen = Screen { format: flags.output.unwrap_or_default() };
        Ok(Some(Self { connection, screen, yes: flags.yes }))
    }

    /// Sends a call and shows the record that it answers, or `done` if there is none.
    pub(crate) fn show(&self, call: &Call, done: &str) -> RemoteResult {
        self.screen.record(&self.connection.send(call)?, done)
    }

    /// Sends a call that takes something away, once that is agreed to.
    pub(crate) fn take_away(
        &self,
        action: &str,
        kind: &str,
        subject: Subject<'_>,
        call: &Call,
    ) -> RemoteResult {
        confirm(self, action, kind, subject)?;
        let subject = call.subject();
        self.show(call, &format!("{} {}", past(action), subject.as_deref().unwrap_or(kind)))
    }
}

/// How an action is called once it is done.
fn past(action: &str) -> String {
    match action {
        "cancel" => "cancelled".to_owned(),
        action if action.ends_with('e') => format!("{action}d"),
        action => format!("{action}:"),
    }
}

/// A command that can be given to a server.
pub(crate) trait RemoteCommand {
    /// Does it.
    fn run(self, session: &Session) -> RemoteResult;
}
