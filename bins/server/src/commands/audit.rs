//! `turnkeep audit`: at a server, or on its database when none is named; verifying, pruning and accepting only there.

use anyhow::{Context, anyhow};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::instance::{DEFAULT_INSTANCE, Instance};
use turnkeep_domain::slug::Slug;
use turnkeep_service::audit::export_trail::begin_export;
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::authority::Authority;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::manage_instance::list_instances;

use crate::command_line::{Noun, Settings};
use crate::commands::keys::open_existing;
use crate::commands::no_connection;
use crate::commands::operator::{command_line_context, told};
use crate::new_file::copy_out;
use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::audit::{AuditVerb, show_head};
use crate::remote::outcome::RemoteError;
use crate::remote::output::Screen;
use crate::remote::session::{RemoteCommand, Session};

mod accept;
mod prune;
mod report;
mod verify;
mod verify_file;

/// Runs one of the verbs.
pub(crate) fn run(noun: Noun<AuditVerb>) -> anyhow::Result<()> {
    let Noun { remote, verb } = noun;
    match &verb {
        AuditVerb::Verify(arguments) => {
            return no_connection(&remote).and_then(|()| verify::run(&remote, arguments));
        }
        AuditVerb::Prune(arguments) => {
            return no_connection(&remote).and_then(|()| prune::run(&remote, arguments));
        }
        AuditVerb::Accept(arguments) => {
            return no_connection(&remote).and_then(|()| accept::run(&remote, arguments));
        }
        _ => {}
    }
    if let Some(session) = Session::open(&remote)? {
        return Ok(verb.run(&session)?);
    }
    match verb {
        AuditVerb::Head { out, settings } => on_instance(&remote, &settings, |context| {
            let head = told(show_chain(context))?.head.map(|(sealed, _)| sealed.head.anchor());
            Ok(show_head(screen(&remote), head, out.as_deref())?)
        }),
        AuditVerb::Export { out, settings } => on_instance(&remote, &settings, |context| {
            let mut export = told(begin_export(context, &AuditFilter::default()))?;
            copy_out(out.as_deref(), |output, progress| {
                let mut copied = 0_u64;
                while let Some(piece) = export.next_piece(context.authority)? {
                    output.write_all(&piece).context("cannot write the export")?;
                    copied = copied.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                    progress(copied);
                }
                Ok(copied)
            })
        }),
        _ => Err(RemoteError::NoServer.into()),
    }
}

fn on_instance(
    remote: &RemoteFlags,
    settings: &Settings,
    act: impl FnOnce(&RegistryContext<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let authority = open_existing(settings)?;
    let instance = named_instance(&authority, remote)?;
    act(&context_in(&authority, &instance)?)
}

fn screen(remote: &RemoteFlags) -> Screen {
    Screen { format: remote.output.unwrap_or_default() }
}

/// All instances, also those that are disabled: their trails are kept.
fn all_instances(authority: &Authority) -> anyhow::Result<Vec<Instance>> {
    told(list_instances(&command_line_context(authority)?))
}

/// The instance that was named, or the default one.
fn named_instance(authority: &Authority, remote: &RemoteFlags) -> anyhow::Result<Instance> {
    let default = Slug::parse(DEFAULT_INSTANCE).map_err(|error| anyhow!("{error}"))?;
    let slug = remote.instance.as_ref().unwrap_or(&default);
    let found = all_instances(authority)?.into_iter().find(|instance| instance.slug == *slug);
    Ok(found.ok_or(RemoteError::NotFound("there is no instance with this slug"))?)
}

/// As whoever is at the server's command line.
fn context_in<'a>(authority: &'a Authority, instance: &Instance) -> anyhow::Result<RegistryContext<'a>> {
    Ok(RegistryContext { instance_id: instance.id, ..command_line_context(authority)? })
}
