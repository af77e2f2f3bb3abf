//! `turnkeep review`: the periodic review of seed 002.

use clap::Args;
use turnkeep_domain::id::TenantId;

use crate::remote::call::Call;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] = &[
    ("APP ID", "app_id"),
    ("NAME", "name"),
    ("TENANT", "tenant_name"),
    ("FINDINGS", "findings"),
    ("LAST USED", "last_used_at"),
    ("OWNERS", "owners"),
    ("SCOPES", "scopes"),
    ("OLDEST SECRET", "oldest_secret_days"),
];

/// `review`.
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// Only apps of this tenant
    #[arg(long, value_name = "TENANT")]
    tenant: Option<TenantId>,
    /// Only apps with this finding or warning
    #[arg(long, value_name = "CODE")]
    finding: Option<String>,
    /// Which part.
    #[command(flatten)]
    list: ListFlags,
}

impl RemoteCommand for Review {
    fn run(self, session: &Session) -> RemoteResult {
        let call = Call::get(&[&"review"]).query("tenant_id", self.tenant);
        list(session, &call.query("finding", self.finding), &self.list, COLUMNS)
    }
}
