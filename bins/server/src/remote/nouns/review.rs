//! `turnkeep review`: the periodic review of seed 002.

use clap::Args;

use crate::remote::call::Call;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] = &[
    ("APP ID", "app_id"),
    ("NAME", "name"),
    ("TENANT", "tenant_name"),
    ("OWNERS", "owners"),
    ("SCOPES", "scopes"),
    ("LAST USED", "last_used_at"),
    ("OLDEST SECRET", "oldest_secret_days"),
    ("FINDINGS", "findings"),
];

/// `review`.
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// Which part.
    #[command(flatten)]
    list: ListFlags,
}

impl RemoteCommand for Review {
    fn run(self, session: &Session) -> RemoteResult {
        list(session, &Call::get(&[&"review"]), &self.list, COLUMNS)
    }
}
