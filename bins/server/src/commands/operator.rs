//! `turnkeep operator`: the way back in for whoever has the server's files but not the operator's secret.

use std::error::Error;

use anyhow::anyhow;
use turnkeep_audit::json_lines::utc_text;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::context::{RegistryContext, find_addressed_instance};
use turnkeep_service::registry::recover_operator::recover_operator;
use turnkeep_service::sign_in::account_links::{NewAccountLink, create_first_operator_link};
use turnkeep_service::tokens::authenticate_bearer::Caller;

use crate::command_line::{Noun, OperatorAction};
use crate::commands::keys::{instance, open_existing, open_existing_under};
use crate::commands::serve::{hand_over, hand_over_as_json, require_new};
use crate::commands::{at_server, no_connection, no_server};
use crate::remote::confirm::agree;
use crate::remote::flags::{OutputFormat, RemoteFlags};
use crate::remote::nouns::operator::OperatorCommand;
use crate::remote::outcome::RemoteError;
use crate::system::{remark, say};

/// Runs one of the actions. Only `recover` works on the server's files; the others go to a server.
pub(crate) fn run(command: Noun<OperatorAction>) -> anyhow::Result<()> {
    let Noun { remote, verb } = command;
    match verb {
        OperatorAction::List(list) => at_server(&remote, OperatorCommand::List(list)),
        OperatorAction::Add { user } => at_server(&remote, OperatorCommand::Add(user)),
        OperatorAction::Remove { user } => at_server(&remote, OperatorCommand::Remove(user)),
        OperatorAction::Link { settings } => {
            no_connection(&remote)?;
            let authority = open_existing_under(&settings)?;
            let context = context_of(&authority, &instance(&remote)?)?;
            let link = told(create_first_operator_link(&context))?;
            let link = link.ok_or_else(|| {
                anyhow!(
                    "there is an operator already: `turnkeep user link NAME` lets them choose a new password"
                )
            })?;
            show_link(&remote, &link);
            Ok(())
        }
        OperatorAction::Recover { settings, operator_credentials } => {
            no_server(&RemoteFlags { yes: false, output: None, ..remote.clone() })?;
            require_new(operator_credentials.as_deref())?;
            let authority = open_existing(&settings)?;
            agree(remote.yes, || {
                Ok("undo what stops the operator's app, and give it a new secret, with which every older one is dead? [y/N]".to_owned())
            })?;
            let credentials = told(recover_operator(&command_line_context(&authority)?))?;
            if remote.output == Some(OutputFormat::Json) {
                return hand_over_as_json(&credentials, operator_credentials.as_deref());
            }
            hand_over(
                "the operator has a new secret; every older one is dead",
                &credentials,
                operator_credentials.as_deref(),
            )
        }
    }
}

/// The default instance, addressed by whoever is at the server's command line.
pub(crate) fn command_line_context(authority: &Authority) -> anyhow::Result<RegistryContext<'_>> {
    context_of(authority, &Slug::parse(DEFAULT_INSTANCE)?)
}

/// An instance, addressed by whoever is at the server's command line.
pub(crate) fn context_of<'a>(authority: &'a Authority, slug: &Slug) -> anyhow::Result<RegistryContext<'a>> {
    let instance = find_addressed_instance(authority, slug).map_err(|failure| match failure {
        Failure::Denied(_) => {
            RemoteError::NotFound("there is no instance with this slug, or it is disabled").into()
        }
        Failure::Fault(fault) => anyhow!(fault),
    })?;
    let caller = Caller::COMMAND_LINE;
    Ok(RegistryContext { authority, instance_id: instance.id, caller, request_id: None, idempotency: None })
}

/// A link goes to standard output alone, so that it can be passed on.
pub(crate) fn show_link(remote: &RemoteFlags, link: &NewAccountLink) {
    if remote.output == Some(OutputFormat::Json) {
        let expires_at = utc_text(link.expires_at);
        say(&serde_json::json!({ "url": link.url.expose(), "expires_at": expires_at }).to_string());
        return;
    }
    remark("the link is shown only now, and works once: whoever has it can use the account");
    say(link.url.expose());
}

/// A refusal at the command line is an error like any other.
pub(crate) fn told<T, D: Error + Send + Sync + 'static>(result: Result<T, Failure<D>>) -> anyhow::Result<T> {
    result.map_err(|failure| match failure {
        Failure::Denied(denial) => denial.into(),
        Failure::Fault(fault) => fault.into(),
    })
}
