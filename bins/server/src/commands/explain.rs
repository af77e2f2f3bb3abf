//! `turnkeep explain`: at a server, or on its database when none is named.

use turnkeep_domain::app::App;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::page::Page;
use turnkeep_domain::slug::Slug;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::find_app::{find_app, list_apps};
use turnkeep_web::explanation;

use crate::command_line::Direct;
use crate::commands::keys::open_existing;
use crate::commands::operator::{context_of, told};
use crate::remote::flags::{OutputFormat, RemoteFlags};
use crate::remote::nouns::explain::{Explain, show_explanation};
use crate::remote::outcome::RemoteError;
use crate::remote::output::Screen;
use crate::remote::session::{RemoteCommand, Session};

/// Explains an app.
pub(crate) fn run(command: Direct<Explain>) -> anyhow::Result<()> {
    let Direct { remote, arguments } = command;
    match Session::open(&remote)? {
        Some(session) => Ok(arguments.run(&session)?),
        None => explain_here(&remote, &arguments),
    }
}

fn explain_here(remote: &RemoteFlags, arguments: &Explain) -> anyhow::Result<()> {
    let authority = open_existing(&arguments.settings)?;
    let default = Slug::parse(DEFAULT_INSTANCE)?;
    let context = context_of(&authority, remote.instance.as_ref().unwrap_or(&default))?;
    let app = find(&context, &arguments.client_id)?;
    let explained = told(explain_app(&context, app.id))?;
    let explanation = explanation::show_explanation(&explained);
    let screen = Screen { format: remote.output.unwrap_or_default() };
    match screen.format {
        OutputFormat::Json => screen.json(&serde_json::to_vec(&explanation)?),
        OutputFormat::Table => show_explanation(screen, &serde_json::to_value(&explanation)?),
    }
    Ok(())
}

/// By id or client id.
fn find(context: &RegistryContext<'_>, text: &str) -> anyhow::Result<App> {
    if let Ok(id) = text.parse() {
        return Ok(told(find_app(context, id))?.app);
    }
    let unknown = || RemoteError::NotFound("there is no app with this client id");
    let client_id = ClientId::parse(text).map_err(|_| unknown())?;
    let filter = AppFilter { client_id: Some(client_id), ..AppFilter::default() };
    let found = told(list_apps(context, None, &filter, &Page::first(1)))?;
    Ok(found.into_iter().map(|view| view.app).next().ok_or_else(unknown)?)
}
