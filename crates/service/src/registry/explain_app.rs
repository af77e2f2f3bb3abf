//! "Why can't this app get a token?": every check of the one ordered decision, with its state.

use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::id::AppId;
use turnkeep_policy::decide_token::Authentication;
use turnkeep_policy::explain_token::{ExplainedCheck, explain_token};
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::tokens::registration::Registration;

/// The checks, and what stands behind the one that only a client itself can pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppExplanation {
    /// In the order in which they are judged.
    pub checks: Vec<ExplainedCheck>,
    /// How many secrets would authenticate the app at the moment.
    pub live_secrets: usize,
}

/// Explains an app that the caller reaches.
pub fn explain_app(context: &RegistryContext<'_>, id: AppId) -> RegistryResult<AppExplanation> {
    context.require(Permission::ReadApps)?;
    let now = context.authority.now();
    context.authority.store.read(|reads| {
        let app = match existing_app(context, reads, id) {
            Ok(app) => app,
            Err(failure) => return Ok(Err(failure)),
        };
        let Some(instance) = reads.find_instance(context.instance_id)? else {
            return Ok(Err(RegistryDenial::NotFound.into()));
        };
        let registration = Registration::around(reads, instance, Some(app))?;
        let facts = registration.token_facts(Authentication::NotAttempted, None, None);
        let secrets = registration.app.as_ref().map_or(&[][..], |registered| &registered.secrets);
        let live = |state| state == SecretState::Live;
        Ok(Ok(AppExplanation {
            checks: explain_token(&facts),
            live_secrets: secrets.iter().filter(|stored| live(stored.secret.state(now))).count(),
        }))
    })?
}
