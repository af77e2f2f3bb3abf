//! `turnkeep whoami`.

use clap::Args;

use crate::remote::call::Call;
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};

/// `whoami`.
#[derive(Debug, Args)]
pub(crate) struct WhoAmI {}

impl RemoteCommand for WhoAmI {
    fn run(self, session: &Session) -> RemoteResult {
        session.show(&Call::get(&[&"me"]), "")
    }
}
