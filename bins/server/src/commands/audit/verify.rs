//! `turnkeep audit verify`: of the trails in the database, or of an export.

use std::fs::File;
use std::io::Read;

use turnkeep_audit::anchor::Anchor;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_service::audit::gone_instances::find_gone_instances;
use turnkeep_service::audit::list_events::list_audit_events;
use turnkeep_service::audit::verify_trail::verify_trail;
use turnkeep_service::authority::Authority;
use turnkeep_service::registry::context::RegistryContext;

use super::report::{TrailReport, conclude};
use super::verify_file::verify_file;
use super::{all_instances, context_in, named_instance, screen};
use crate::commands::keys::open_existing;
use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::audit::VerifyArguments;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::system::{end_progress, report_progress};

/// An anchor has no more than 85 bytes.
const MAX_ANCHOR_BYTES: u64 = 1024;

/// Verifies.
pub(super) fn run(remote: &RemoteFlags, arguments: &VerifyArguments) -> anyhow::Result<()> {
    let anchor = arguments.head.as_deref().map(read_anchor).transpose()?;
    let reports = match &arguments.file {
        Some(_) if remote.instance.is_some() => {
            return Err(RemoteError::Usage("an export says itself which instance it is of".to_owned()).into());
        }
        Some(file) => vec![verify_file(file, anchor, &arguments.settings)?],
        None => verify_database(&*open_existing(&arguments.settings)?, remote, anchor)?,
    };
    conclude(screen(remote), &reports, arguments.partial)
}

/// The anchor itself, or a file with it.
fn read_anchor(given: &str) -> RemoteResult<Anchor> {
    if let Ok(anchor) = given.parse() {
        return Ok(anchor);
    }
    let mut text = String::new();
    File::open(given)
        .and_then(|file| file.take(MAX_ANCHOR_BYTES).read_to_string(&mut text))
        .map_err(|error| RemoteError::Usage(format!("--head is neither a head nor a file: {error}")))?;
    text.trim().parse().map_err(|error| RemoteError::Usage(format!("--head {given}: {error}")))
}

/// The trail of the named instance, or all of them. The anchor is of the named instance, or of the default one.
fn verify_database(
    authority: &Authority,
    remote: &RemoteFlags,
    anchor: Option<Anchor>,
) -> anyhow::Result<Vec<TrailReport>> {
    let named = named_instance(authority, remote)?;
    let instances = match &remote.instance {
        Some(_) => vec![named.clone()],
        None => all_instances(authority)?,
    };
    let mut reports = Vec::new();
    for instance in instances {
        let anchor = anchor.filter(|_| instance.id == named.id);
        let mut progress = |seen: u64| report_progress(&format!("{seen} events …"));
        let verdict = verify_trail(authority, instance.id, anchor, &mut progress);
        end_progress();
        let context = context_in(authority, &instance)?;
        reports.push(TrailReport::on_database(instance.slug.to_string(), verdict?, |position| {
            event_at(&context, position)
        }));
    }
    if remote.instance.is_none() {
        reports.extend(find_gone_instances(authority)?.iter().map(TrailReport::on_gone_instance));
    }
    Ok(reports)
}

/// `None` if the event is not there, or cannot be read.
fn event_at(context: &RegistryContext<'_>, position: u64) -> Option<AuditEventId> {
    let page = AuditPage { after: position.checked_sub(1), direction: Direction::Ascending, limit: 1 };
    let found = list_audit_events(context, &AuditFilter::default(), page).ok()?;
    found.first().filter(|found| found.entry.position == position).map(|found| found.entry.id)
}
