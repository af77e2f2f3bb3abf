//! `turnkeep audit prune`: old events leave the trail, once somebody agrees.

use turnkeep_audit::json_lines::utc_text;
use turnkeep_domain::time::Timestamp;
use turnkeep_service::audit::prune_trail::{PrunedTrail, begins_before, prune_trail};
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;

use super::{context_in, named_instance, screen};
use crate::commands::keys::open_existing;
use crate::commands::operator::told;
use crate::remote::confirm::agree;
use crate::remote::flags::{OutputFormat, RemoteFlags};
use crate::remote::nouns::audit::{PruneAge, PruneArguments};
use crate::remote::outcome::RemoteError;

/// Prunes the trail of one instance.
pub(super) fn run(remote: &RemoteFlags, arguments: &PruneArguments) -> anyhow::Result<()> {
    let authority = open_existing(&arguments.settings)?;
    let instance = named_instance(&authority, remote)?;
    let context = context_in(&authority, &instance)?;
    let before = before(&arguments.age, authority.now());
    if !begins_before(&authority, instance.id, before)? {
        return show(remote, None);
    }
    agree(remote.yes, || {
        Ok(format!("prune the audit trail of \"{}\" before {}? [y/N]", instance.slug, utc_text(before)))
    })?;
    let pruned = prune(&context, before);
    // A refusal is an event, too, and this process has no housekeeping.
    authority.keep_books()?;
    show(remote, pruned?)
}

fn before(age: &PruneAge, now: Timestamp) -> Timestamp {
    match (age.before, age.keep_days) {
        (Some(before), _) => before,
        (None, keep) => now.minus(keep.unwrap_or_default()),
    }
}

/// `None` if somebody else was faster.
fn prune(context: &RegistryContext<'_>, before: Timestamp) -> anyhow::Result<Option<PrunedTrail>> {
    match prune_trail(context, before) {
        Err(Failure::Denied(RegistryDenial::NothingToPrune)) => Ok(None),
        Err(Failure::Denied(
            denial @ (RegistryDenial::AuditChainBroken(_) | RegistryDenial::AuditChainUnproven),
        )) => Err(RemoteError::Unverified(format!("nothing was pruned: {denial}")).into()),
        pruned => told(pruned).map(Some),
    }
}

fn show(remote: &RemoteFlags, pruned: Option<PrunedTrail>) -> anyhow::Result<()> {
    let screen = screen(remote);
    match (screen.format, pruned) {
        (OutputFormat::Json, pruned) => {
            let shown = serde_json::json!({
                "entries": pruned.map_or(0, |pruned| pruned.entries),
                "first_position": pruned.map(|pruned| pruned.segment.first_position),
                "last_position": pruned.map(|pruned| pruned.segment.last_position),
            });
            screen.json(shown.to_string().as_bytes());
        }
        (OutputFormat::Table, None) => screen.text("nothing to prune: no event is as old as that\n"),
        (OutputFormat::Table, Some(PrunedTrail { segment, entries })) => {
            let (first, last) = (segment.first_position, segment.last_position);
            screen.text(&format!(
                "{entries} events are pruned: a sealed segment stands for {first} to {last}\n"
            ));
        }
    }
    Ok(())
}
