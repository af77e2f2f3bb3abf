//! "Why can't this app get a token?": every check of the one ordered decision, with its state.

use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::id::AppId;
use turnkeep_policy::decide_token::{Authentication, CheckState};
use turnkeep_policy::explain_person_token::{PersonTokenObstacle, explain_person_token};
use turnkeep_policy::explain_token::{ExplainedCheck, explain_token};
use turnkeep_policy::judge_secrets::{SecretsJudgement, judge_secrets};
use turnkeep_policy::permission::Permission;
use turnkeep_policy::token_denial::TokenDenial;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::snapshot::catalogue::Catalogue;
use crate::tokens::registration::token_facts;

/// The checks, and what stands behind the one that only a client itself can pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppExplanation {
    /// In the order in which they are judged.
    pub checks: Vec<ExplainedCheck>,
    /// How many secrets would authenticate the app at the moment.
    pub live_secrets: usize,
    /// Whether somebody who signs in gets a token from the app, or the first thing that stands against it.
    pub for_people: Result<(), PersonTokenObstacle>,
}

impl AppExplanation {
    /// The first check that stands against a token, with why.
    pub fn first_denial(&self) -> Option<(ExplainedCheck, TokenDenial)> {
        self.checks.iter().find_map(|explained| match explained.state {
            CheckState::Denied(denial) => Some((*explained, denial)),
            CheckState::Passed | CheckState::NotChecked => None,
        })
    }

    /// Whether a client that presents a secret of the app gets a token.
    pub fn is_token_possible(&self) -> bool {
        self.first_denial().is_none() && 0 < self.live_secrets
    }
}

/// Explains an app that the caller reaches.
pub fn explain_app(context: &RegistryContext<'_>, id: AppId) -> RegistryResult<AppExplanation> {
    context.require_read("app.explain", Some(&id), Permission::ReadApps)?;
    let now = context.authority.now();
    context.read(|reads| {
        let app = existing_app(context, reads, id)?;
        let instance = reads.find_instance(context.instance_id)?.ok_or(RegistryDenial::NotFound)?;
        let catalogue = Catalogue::read(reads, instance)?;
        let live = reads.find_live_app(context.instance_id, &app.client_id)?.found;
        let live = live.ok_or(RegistryDenial::NotFound)?;
        let secrets: Vec<ClientSecret> = live.secrets.iter().map(|stored| stored.secret).collect();
        let judged = judge_secrets(&live.app, &secrets, now);
        let authentication = match judged {
            SecretsJudgement::NoneLive { since } => Authentication::Impossible { since },
            SecretsJudgement::NotNeeded | SecretsJudgement::Live => Authentication::NotAttempted,
        };
        let checks = explain_token(&token_facts(&catalogue, Some(&live), authentication, None, None));
        Ok(AppExplanation {
            for_people: explain_person_token(&live.app.settings, &checks),
            checks,
            live_secrets: secrets.iter().filter(|secret| secret.state(now) == SecretState::Live).count(),
        })
    })
}
