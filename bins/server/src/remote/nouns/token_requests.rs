//! `turnkeep token-requests`: which apps ask for more tokens than they need.

use clap::Args;
use serde_json::Value;
use turnkeep_domain::id::TenantId;

use crate::remote::call::Call;
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, find};

const COLUMNS: &[Column] = &[
    ("APP ID", "app_id"),
    ("NAME", "name"),
    ("PATTERN", "pattern"),
    ("TOKENS PER LIFETIME", "tokens_per_lifetime"),
    ("ISSUED", "issued"),
    ("REFUSED", "refused"),
    ("WOULD REFUSE", "would_refuse"),
    ("TENANT", "tenant_id"),
    ("CLIENT ID", "client_id"),
];

/// `token-requests`.
#[derive(Debug, Args)]
pub(crate) struct TokenRequests {
    /// Only apps of this tenant
    #[arg(long, value_name = "TENANT")]
    tenant: Option<TenantId>,
    /// How many hours to look back (24 if absent, 1488 at most)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1488))]
    hours: Option<u32>,
    /// Show at most so many apps (50 if absent, 100 at most)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: Option<u32>,
}

impl RemoteCommand for TokenRequests {
    fn run(self, session: &Session) -> RemoteResult {
        let call = Call::get(&[&"token-requests"]).query("tenant_id", self.tenant);
        let answer = session.connection.send(&call.query("hours", self.hours).query("limit", self.limit))?;
        match session.screen.format {
            OutputFormat::Json => session.screen.json(answer.bytes()),
            OutputFormat::Table => {
                let report = answer.json()?;
                let apps = find(&report, "apps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                session.screen.table(COLUMNS, apps);
            }
        }
        Ok(())
    }
}
