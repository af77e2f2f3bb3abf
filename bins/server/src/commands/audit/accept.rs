//! `turnkeep audit accept`: a head that has no genuine seal gets one, once somebody has looked into it and agrees.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::seal::SealCheck;
use turnkeep_service::audit::accept_head::accept_head;
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::denial::RegistryDenial;

use super::{context_in, named_instance, screen};
use crate::commands::keys::open_existing;
use crate::commands::operator::told;
use crate::remote::confirm::agree;
use crate::remote::flags::{OutputFormat, RemoteFlags};
use crate::remote::nouns::audit::AcceptArguments;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;

/// Accepts the head of one instance's trail.
pub(super) fn run(remote: &RemoteFlags, arguments: &AcceptArguments) -> anyhow::Result<()> {
    let authority = open_existing(&arguments.settings)?;
    let instance = named_instance(&authority, remote)?;
    let context = context_in(&authority, &instance)?;
    let anchor = arguments.head;
    let head = told(show_chain(&context))?.head;
    let (sealed, check) = head.ok_or(RemoteError::NotFound("there is no audit trail yet"))?;
    // A slip of the pen is told at once, and is no event.
    if sealed.head.anchor() != anchor {
        return Err(unaccepted(&RegistryDenial::AuditHeadDiffers).into());
    }
    match check {
        SealCheck::Genuine | SealCheck::GenuineUnderPreviousKey => {
            show(screen(remote), None);
            return Ok(());
        }
        SealCheck::Wrong | SealCheck::UnknownKey => {}
    }
    agree(remote.yes, || question(check, anchor, instance.slug.as_str()))?;
    let accepted = accept(&context, anchor);
    // A refusal is an event, too, and this process has no housekeeping.
    authority.keep_books()?;
    show(screen(remote), Some(accepted?));
    Ok(())
}

fn question(check: SealCheck, anchor: Anchor, instance: &str) -> RemoteResult<String> {
    let seal = match check {
        SealCheck::UnknownKey => "names a master key that is not here",
        _ => "is wrong",
    };
    Ok(format!("the seal of the audit trail of \"{instance}\" {seal}: accept its head {anchor}? [y/N]"))
}

fn accept(context: &RegistryContext<'_>, anchor: Anchor) -> anyhow::Result<Anchor> {
    match accept_head(context, anchor) {
        Err(Failure::Denied(
            denial @ (RegistryDenial::AuditChainBroken(_)
            | RegistryDenial::AuditChainUnproven
            | RegistryDenial::AuditHeadDiffers),
        )) => Err(unaccepted(&denial).into()),
        accepted => Ok(told(accepted)?.anchor()),
    }
}

fn unaccepted(denial: &RegistryDenial) -> RemoteError {
    RemoteError::Unverified(format!("nothing was accepted: {denial}"))
}

/// `None` if there was nothing to accept.
fn show(screen: Screen, accepted: Option<Anchor>) {
    match (screen.format, accepted) {
        (OutputFormat::Json, accepted) => {
            let shown = serde_json::json!({ "accepted": accepted.map(|anchor| anchor.to_string()) });
            screen.json(shown.to_string().as_bytes());
        }
        (OutputFormat::Table, None) => screen.text("nothing to accept: the seal of this head is genuine\n"),
        (OutputFormat::Table, Some(anchor)) => {
            screen.text(&format!(
                "the head {anchor} is accepted: it is sealed, and the event behind it says so\n"
            ));
        }
    }
}
