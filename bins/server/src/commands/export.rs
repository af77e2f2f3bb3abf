//! `turnkeep export`: at a server, or on its database when none is named.

use anyhow::Context;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;
use turnkeep_service::exchange::export_records::{Hashes, export_records};

use crate::command_line::Direct;
use crate::commands::keys::open_existing;
use crate::commands::operator::{context_of, told};
use crate::new_file::copy_out;
use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::export::Export;
use crate::remote::session::{RemoteCommand, Session};

/// Exports an instance or a tenant.
pub(crate) fn run(command: Direct<Export>) -> anyhow::Result<()> {
    let Direct { remote, arguments } = command;
    match Session::open(&remote)? {
        Some(session) => Ok(arguments.run(&session)?),
        None => export_here(&remote, &arguments),
    }
}

fn export_here(remote: &RemoteFlags, arguments: &Export) -> anyhow::Result<()> {
    // The file is there before anything is recorded: an export that cannot be written must not be made.
    copy_out(arguments.out.as_deref(), |output, _| {
        let authority = open_existing(&arguments.settings)?;
        let default = Slug::parse(DEFAULT_INSTANCE)?;
        let context = context_of(&authority, remote.instance.as_ref().unwrap_or(&default))?;
        let hashes = if arguments.include_hashes { Hashes::Included } else { Hashes::Withheld };
        let text = told(export_records(&context, arguments.tenant, hashes))?;
        output.write_all(text.as_bytes()).context("cannot write the export")?;
        anyhow::Ok(u64::try_from(text.len()).unwrap_or(u64::MAX))
    })
}
