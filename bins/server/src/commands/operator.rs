//! `turnkeep operator`: the way back in for whoever has the server's files but not the operator's secret.

use anyhow::{Context, anyhow};
use turnkeep_domain::app::{App, AppOrigin, AppState};
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::page::Page;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::TenantState;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::first_start::OperatorCredentials;
use turnkeep_service::registry::add_secret::regenerate_secret;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult, find_addressed_instance};
use turnkeep_service::registry::find_app::list_apps;
use turnkeep_service::registry::manage_tenant::{TenantStep, find_tenant, step_tenant};
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::tokens::authenticate_bearer::Caller;

use crate::command_line::{Noun, OperatorAction};
use crate::commands::keys::open_existing;
use crate::commands::serve::{hand_over, require_new};
use crate::commands::{at_server, no_server};
use crate::remote::confirm::agree;
use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::operator::OperatorCommand;

/// Runs one of the actions. Only `recover` works on the server's files; the others go to a server.
pub(crate) fn run(command: Noun<OperatorAction>) -> anyhow::Result<()> {
    let Noun { remote, verb } = command;
    match verb {
        OperatorAction::List(list) => at_server(&remote, OperatorCommand::List(list)),
        OperatorAction::Add { user } => at_server(&remote, OperatorCommand::Add(user)),
        OperatorAction::Remove { user } => at_server(&remote, OperatorCommand::Remove(user)),
        OperatorAction::Recover { settings, operator_credentials } => {
            no_server(&RemoteFlags { yes: false, ..remote.clone() })?;
            require_new(operator_credentials.as_deref())?;
            let authority = open_existing(&settings)?;
            agree(remote.yes, || {
                Ok("give the operator a new secret, with which every older one is dead? [y/N]".to_owned())
            })?;
            let credentials = recover(&authority)?;
            hand_over(
                "the operator has a new secret; every older one is dead",
                &credentials,
                operator_credentials.as_deref(),
            )
        }
    }
}

/// Lets the operator's app work again, whatever stopped it, with a new secret.
fn recover(authority: &Authority) -> anyhow::Result<OperatorCredentials> {
    let context = command_line_context(authority)?;
    let app = operator_app(&context)?;
    let tenant = told(find_tenant(&context, app.tenant_id))?;
    if tenant.state == TenantState::Suspended {
        told(step_tenant(&context, tenant.id, TenantStep::Activate, None))?;
    }
    told(switch_app(&context, app.id, AppState::Enabled, None))?;
    let added = told(regenerate_secret(&context, app.id, None))?;
    Ok(OperatorCredentials { client_id: app.client_id, client_secret: added.plaintext })
}

/// The default instance, addressed by whoever is at the server's command line.
pub(crate) fn command_line_context(authority: &Authority) -> anyhow::Result<RegistryContext<'_>> {
    context_of(authority, &Slug::parse(DEFAULT_INSTANCE)?)
}

/// An instance, addressed by whoever is at the server's command line.
pub(crate) fn context_of<'a>(authority: &'a Authority, slug: &Slug) -> anyhow::Result<RegistryContext<'a>> {
    let instance = find_addressed_instance(authority, slug).map_err(|failure| match failure {
        Failure::Denied(denial) => anyhow!(denial),
        Failure::Fault(fault) => anyhow!(fault),
    })?;
    let caller = Caller::COMMAND_LINE;
    Ok(RegistryContext { authority, instance_id: instance.id, caller, request_id: None, idempotency: None })
}

/// The operator's app; it is the oldest, since the first start made it.
pub(crate) fn operator_app(context: &RegistryContext<'_>) -> anyhow::Result<App> {
    let apps = told(list_apps(context, None, &AppFilter::default(), &Page::first(Page::<()>::MAX_LIMIT)))?;
    apps.into_iter()
        .map(|view| view.app)
        .find(|app| app.origin == AppOrigin::Platform)
        .context("the operator's app is gone")
}

/// A refusal at the command line is an error like any other.
pub(crate) fn told<T>(result: RegistryResult<T>) -> anyhow::Result<T> {
    result.map_err(|failure| match failure {
        Failure::Denied(denial) => anyhow!(denial),
        Failure::Fault(fault) => anyhow!(fault),
    })
}
