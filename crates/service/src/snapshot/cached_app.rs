//! An app with everything of its tenant's that a token depends on, as of a change.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use arc_swap::ArcSwapOption;
use turnkeep_domain::app::App;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::SecretId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::AppFacts;
use turnkeep_storage::live_app::LiveApp;

use crate::snapshot::catalogue::Catalogue;
use crate::token_requests::app_tokens::AppTokens;
use crate::tokens::prepared_grant::PreparedGrant;

/// How long a use of a secret stands for the next ones: last uses are kept to 10 s.
const USES_NOTED_EVERY: i64 = 10_000_000;

/// An app in memory.
pub(crate) struct CachedApp {
    pub(crate) live: LiveApp,
    pub(crate) as_of: ChangeSequence,
    /// How many tokens it has had.
    pub(crate) tokens: Arc<AppTokens>,
    /// The last grant, since apps ask for the same again and again.
    pub(crate) last_grant: ArcSwapOption<PreparedGrant>,
    /// When a use of each secret was last noted, in microseconds.
    uses: Vec<(SecretId, AtomicI64)>,
    is_digest_tried: AtomicBool,
}

impl CachedApp {
    /// As it was read.
    pub(crate) fn new(live: LiveApp, as_of: ChangeSequence, tokens: Arc<AppTokens>) -> Arc<Self> {
        let uses = live.secrets.iter().map(|stored| (stored.secret.id, AtomicI64::new(i64::MIN))).collect();
        Arc::new(Self {
            live,
            as_of,
            tokens,
            last_grant: ArcSwapOption::empty(),
            uses,
            is_digest_tried: AtomicBool::new(false),
        })
    }

    /// Whether a use of the secret should be noted; says so again only after a while.
    pub(crate) fn should_note_use(&self, id: SecretId, now: Timestamp) -> bool {
        let Some((_, noted)) = self.uses.iter().find(|(known, _)| *known == id) else {
            return false;
        };
        let last = noted.load(Ordering::Relaxed);
        let is_due = now.as_micros() < last || last.saturating_add(USES_NOTED_EVERY) <= now.as_micros();
        is_due && noted.swap(now.as_micros(), Ordering::Relaxed) == last
    }

    /// Whether nobody has tried yet to make a better digest of a secret; says so once.
    pub(crate) fn should_try_digest(&self) -> bool {
        !self.is_digest_tried.swap(true, Ordering::Relaxed)
    }
}

/// What a decision has to know of an app.
pub(crate) fn app_facts<'a>(live: &'a LiveApp, catalogue: &'a Catalogue) -> AppFacts<'a> {
    AppFacts {
        system_user: live.system_user.as_ref(),
        ..facts_without_user(&live.app, &live.tenant, catalogue)
    }
}

/// The same of an app that acts as nobody here.
pub(crate) fn facts_without_user<'a>(
    app: &'a App,
    tenant: &'a Tenant,
    catalogue: &'a Catalogue,
) -> AppFacts<'a> {
    AppFacts {
        app,
        tenant_state: tenant.state,
        tenant_state_since: tenant.state_since,
        instance_state: catalogue.instance.state,
        instance_state_since: catalogue.instance.state_since,
        plan: catalogue.plan_of(app),
        system_user: None,
    }
}
