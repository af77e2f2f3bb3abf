//! `turnkeep audit`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use turnkeep_audit::anchor::Anchor;
use turnkeep_domain::id::{AuditEventId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_protocol::rfc3339::parse_rfc3339;

use crate::command_line::Settings;
use crate::configuration::parse_days;
use crate::new_file::{copy_out, write_new};
use crate::remote::call::Call;
use crate::remote::flags::OutputFormat;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, find};
use crate::system::remark;

const COLUMNS: &[Column] = &[
    ("AT", "at"),
    ("ACTION", "action"),
    ("OBJECT", "object"),
    ("OUTCOME", "outcome"),
    ("ACTOR", "actor"),
    ("CODE", "code"),
    ("ID", "id"),
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
        /// Where the database is, without a server.
        #[command(flatten)]
        settings: Settings,
    },
    /// Show the ends of the hash chain, and what stands for pruned events
    Chain,
    /// Show the head of the hash chain, to be kept elsewhere as an anchor for `verify --head`
    Head {
        /// Write it to this new file instead
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Where the database is, without a server.
        #[command(flatten)]
        settings: Settings,
    },
    /// At the server's files, or on an export anywhere: find the first event that was changed, removed or added
    Verify(VerifyArguments),
    /// At the server's files: remove old events; a sealed segment stands for them, so that the rest can be verified
    Prune(PruneArguments),
    /// At the server's files: seal a head that has no genuine seal, once it is known that nothing was forged
    Accept(AcceptArguments),
}

/// `audit verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  turnkeep audit verify --data /var/lib/turnkeep --head head.txt\n  turnkeep audit verify --file audit.jsonl --head head.txt"
)]
pub(crate) struct VerifyArguments {
    /// Verify an export instead of the database
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Head that was kept earlier (POSITION:HASH, or a file with it): the chain must pass through it
    #[arg(long, value_name = "HEAD|FILE")]
    pub(crate) head: Option<String>,
    /// Accept an export of chosen events, which cannot tell whether others are missing
    #[arg(long, requires = "file")]
    pub(crate) partial: bool,
    /// Where the database and the master key are.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// `audit prune`.
#[derive(Debug, Args)]
pub(crate) struct PruneArguments {
    /// Which events.
    #[command(flatten)]
    pub(crate) age: PruneAge,
    /// Where the database is.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// `audit accept`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  turnkeep audit accept --data /var/lib/turnkeep --head 12:e0670f0b…")]
pub(crate) struct AcceptArguments {
    /// The head as it is now and as you have looked into it (see `head` and `verify`)
    #[arg(long, value_name = "POSITION:HASH")]
    pub(crate) head: Anchor,
    /// Where the database and the master key are.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// How old an event has to be.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PruneAge {
    /// Everything before this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = parse_rfc3339)]
    pub(crate) before: Option<Timestamp>,
    /// Everything that is older than so many days
    #[arg(long, value_name = "N", value_parser = parse_days)]
    pub(crate) keep_days: Option<Duration>,
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
            Self::Export { out, settings: _ } => {
                download(session, &Call::get(&[&"audit-export"]), out.as_deref())
            }
            Self::Chain => session.show(&Call::get(&[&"audit-chain"]), ""),
            Self::Head { out, settings: _ } => {
                let chain = session.connection.send(&Call::get(&[&"audit-chain"]))?.json()?;
                let anchor =
                    find(&chain, "head.anchor").and_then(Value::as_str).and_then(|it| it.parse().ok());
                show_head(session.screen, anchor, out.as_deref())
            }
            Self::Verify(_) | Self::Prune(_) | Self::Accept(_) => Err(RemoteError::Usage(
                "this works on the server's own files: export the trail, and verify the export".to_owned(),
            )),
        }
    }
}

/// Copies a long answer to a new file, or to standard output.
pub(super) fn download(session: &Session, call: &Call, out: Option<&Path>) -> RemoteResult {
    copy_out(out, |output, progress| session.connection.download(call, output, progress))
}

/// Shows a head to people and programs, or keeps it in a new file.
pub(crate) fn show_head(screen: Screen, head: Option<Anchor>, out: Option<&Path>) -> RemoteResult {
    let anchor = head.ok_or(RemoteError::NotFound("there is no audit trail yet"))?;
    if let Some(path) = out {
        write_new(path, &format!("{anchor}\n"))?;
        remark(&format!(
            "the head is in {}: keep it where whoever writes to the database does not",
            path.display()
        ));
        return Ok(());
    }
    match screen.format {
        OutputFormat::Table => screen.text(&format!("{anchor}\n")),
        OutputFormat::Json => {
            let Anchor { position, hash } = anchor;
            let shown =
                json!({ "anchor": anchor.to_string(), "position": position, "hash": hash.to_string() });
            screen.json(shown.to_string().as_bytes());
        }
    }
    Ok(())
}
