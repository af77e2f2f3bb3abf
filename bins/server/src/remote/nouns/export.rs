//! `turnkeep export`.

use std::path::PathBuf;

use clap::Args;
use turnkeep_domain::id::TenantId;

use crate::command_line::Settings;
use crate::remote::call::Call;
use crate::remote::nouns::audit::download;
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};

/// `export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// New file to write (mode 0600) instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// With the hashes of secrets, so that apps can go on elsewhere; this is recorded
    #[arg(long)]
    pub(crate) include_hashes: bool,
    /// Only this tenant with its apps
    #[arg(long)]
    pub(crate) tenant: Option<TenantId>,
    /// Where the database is, without a server.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

impl RemoteCommand for Export {
    fn run(self, session: &Session) -> RemoteResult {
        let call = Call::get(&[&"export"])
            .query("tenant_id", self.tenant)
            .query("include_hashes", self.include_hashes.then_some(true));
        download(session, &call, self.out.as_deref())
    }
}
