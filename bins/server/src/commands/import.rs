//! `turnkeep import`: at a server, or on its database when none is named.

use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;
use turnkeep_exchange::import_set::ImportSet;
use turnkeep_service::exchange::import_records::{ImportMode, ImportOptions, OnRefusal, import_records};
use turnkeep_web::import_report::show_import;

use crate::command_line::Direct;
use crate::commands::keys::open_existing;
use crate::commands::operator::{context_of, told};
use crate::import_file::import_file;
use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::import::Import;
use crate::remote::output::Screen;
use crate::remote::session::{RemoteCommand, Session};

/// Imports a file.
pub(crate) fn run(command: Direct<Import>) -> anyhow::Result<()> {
    let Direct { remote, arguments } = command;
    match Session::open(&remote)? {
        Some(session) => Ok(arguments.run(&session)?),
        None => import_here(&remote, &arguments),
    }
}

fn import_here(remote: &RemoteFlags, arguments: &Import) -> anyhow::Result<()> {
    let authority = open_existing(&arguments.settings)?;
    let default = Slug::parse(DEFAULT_INSTANCE)?;
    let context = context_of(&authority, remote.instance.as_ref().unwrap_or(&default))?;
    let options = ImportOptions {
        mode: if arguments.dry_run { ImportMode::DryRun } else { ImportMode::Apply },
        on_refusal: if arguments.keep_going { OnRefusal::SkipRecord } else { OnRefusal::ImportNothing },
        default_tenant: arguments.tenant.clone(),
        default_region: arguments.region.clone(),
    };
    let screen = Screen { format: remote.output.unwrap_or_default() };
    let mut agreed = remote.yes;
    let imported = import_file(arguments, screen, |part| {
        arguments.agree_once(&mut agreed)?;
        let set = ImportSet { records: part, ..ImportSet::default() };
        let report = told(import_records(&context, &set, &options))?;
        anyhow::Ok(serde_json::to_value(show_import(&report))?)
    });
    // Refusals are written to the trail later, which nobody else would do once this process is gone.
    authority.keep_books()?;
    imported
}
