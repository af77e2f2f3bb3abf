//! `turnkeep audit`.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use turnkeep_domain::id::{AuditEventId, TenantId};

use crate::remote::call::Call;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;
use crate::system::{Output, end_progress, remark, report_progress};

/// How often to say how far a download has come, in bytes.
const PROGRESS_EVERY: u64 = 4 * 1024 * 1024;

const COLUMNS: &[Column] = &[
    ("AT", "at"),
    ("ID", "id"),
    ("ACTOR", "actor"),
    ("ACTION", "action"),
    ("OBJECT", "object"),
    ("OUTCOME", "outcome"),
    ("CODE", "code"),
];

/// What can be done with the audit trail.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// List events
    #[command(
        after_help = "Example:\n  turnkeep audit list --outcome refused --from 2026-11-01T00:00:00Z --all"
    )]
    List {
        /// Which events.
        #[command(flatten)]
        filter: Box<AuditFilter>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show an event, with what changed
    Show {
        /// The event
        event: AuditEventId,
    },
    /// Write all events as JSON lines
    Export {
        /// New file to write (mode 0600) instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Show the head of the hash chain, to be kept elsewhere
    Chain,
}

/// Which events.
#[derive(Debug, Args)]
#[command(next_help_heading = "Only events")]
pub(crate) struct AuditFilter {
    /// Of this action
    #[arg(long)]
    action: Option<String>,
    /// Of this actor
    #[arg(long)]
    actor: Option<String>,
    /// About this record
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// In this tenant
    #[arg(long)]
    tenant: Option<TenantId>,
    /// That were done, or refused
    #[arg(long, value_parser = ["done", "refused"])]
    outcome: Option<String>,
    /// Refused with this code
    #[arg(long)]
    code: Option<String>,
    /// Not before this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
}

impl RemoteCommand for AuditVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { filter, list: flags } => {
                let call = Call::get(&[&"audit-events"])
                    .query("action", filter.action)
                    .query("actor", filter.actor)
                    .query("object", filter.object)
                    .query("tenant_id", filter.tenant)
                    .query("outcome", filter.outcome)
                    .query("code", filter.code)
                    .query("from", filter.from)
                    .query("to", filter.to);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Show { event } => session.show(&Call::get(&[&"audit-events", &event]), ""),
            Self::Export { out } => download(session, &Call::get(&[&"audit-export"]), out.as_deref()),
            Self::Chain => session.show(&Call::get(&[&"audit-chain"]), ""),
        }
    }
}

/// Copies a long answer to a new file, or to standard output. A file that is not complete does not stay.
pub(super) fn download(session: &Session, call: &Call, out: Option<&Path>) -> RemoteResult {
    let Some(path) = out else {
        session.connection.download(call, &mut Output, &mut |_| ())?;
        return Ok(());
    };
    let unwritable =
        |error: std::io::Error| RemoteError::Usage(format!("cannot write {}: {error}", path.display()));
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(unwritable)?;
    let mut said = 0;
    let mut progress = |copied: u64| {
        if PROGRESS_EVERY <= copied.saturating_sub(said) {
            said = copied;
            report_progress(&format!("{} MiB …", copied / (1024 * 1024)));
        }
    };
    let downloaded = session.connection.download(call, &mut file, &mut progress).and_then(|copied| {
        file.sync_all().map_err(unwritable)?;
        Ok(copied)
    });
    end_progress();
    match downloaded {
        Ok(copied) => {
            remark(&format!("{copied} bytes are in {}", path.display()));
            Ok(())
        }
        Err(error) => {
            let _ = std::fs::remove_file(path);
            Err(error)
        }
    }
}
