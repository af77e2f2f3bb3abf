//! Everything that a decision about an app depends on, from memory where it is there.

use std::sync::Arc;

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_policy::decide_token::{AppFacts, Authentication, TokenFacts};
use turnkeep_storage::live_app::LiveApp;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::snapshot::cached_app::{CachedApp, app_facts};
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::catalogue::Catalogue;
use crate::snapshot::look_up::LookUp;
use crate::snapshot::registry_snapshot::Known;

/// An issuer, and the app in question if there is one.
pub(crate) struct Registration {
    pub(crate) issuer: Arc<CachedIssuer>,
    pub(crate) app: Option<Arc<CachedApp>>,
    /// What this node had applied before anything was looked up: all of it knows of this change.
    pub(crate) sequence: ChangeSequence,
}

impl Registration {
    /// By what a client presents, or a token carries. `None` if the issuer is unknown or off.
    pub(crate) fn of_client(
        authority: &Authority,
        issuer: &Slug,
        client_id: &str,
        look_up: LookUp,
    ) -> Result<Option<Self>, Fault> {
        let sequence = authority.in_step(look_up)?;
        let Some(issuer) = authority.snapshot.issuer(authority, issuer, look_up)? else {
            return Ok(None);
        };
        let app = match authority.snapshot.app(authority, &issuer, client_id, look_up)? {
            Known::App(app) => Some(app),
            Known::Nobody => None,
        };
        Ok(Some(Self { issuer, app, sequence }))
    }

    /// Whether everything is still as it was when it was looked up. To be asked when the answer is ready, so that a
    /// change that came in between counts.
    pub(crate) fn confirm(&self, authority: &Authority, look_up: LookUp) -> Result<(), Fault> {
        authority.in_step(look_up)?;
        let marks = &authority.follower.marks;
        let instance_id = self.issuer.catalogue.instance.id;
        let is_issuer_current = marks.is_instance_current(self.issuer.as_of, instance_id);
        let is_app_current = self.app.as_ref().is_none_or(|cached| {
            let app = &cached.live.app;
            marks.is_app_current(cached.as_of, app.tenant_id, app.id)
        });
        if is_issuer_current && is_app_current { Ok(()) } else { Err(Fault::Overtaken) }
    }

    /// The kill marks of the app, its tenant and its instance.
    pub(crate) fn kill_marks(&self, app: &CachedApp) -> [ChangeSequence; 3] {
        let instance = &self.issuer.catalogue.instance;
        [app.live.app.tokens_dead_below, app.live.tenant.tokens_dead_below, instance.tokens_dead_below]
    }

    pub(crate) fn app_facts(&self) -> Option<AppFacts<'_>> {
        self.live().map(|live| app_facts(live, &self.issuer.catalogue))
    }

    pub(crate) fn token_facts<'a>(
        &'a self,
        authentication: Authentication,
        scopes: Option<&'a ScopeSet>,
        audience: Option<&'a Audience>,
    ) -> TokenFacts<'a> {
        token_facts(&self.issuer.catalogue, self.live(), authentication, scopes, audience)
    }

    fn live(&self) -> Option<&LiveApp> {
        self.app.as_ref().map(|cached| &cached.live)
    }
}

/// What the one ordered decision is about.
pub(crate) fn token_facts<'a>(
    catalogue: &'a Catalogue,
    app: Option<&'a LiveApp>,
    authentication: Authentication,
    scopes: Option<&'a ScopeSet>,
    audience: Option<&'a Audience>,
) -> TokenFacts<'a> {
    TokenFacts {
        app: app.map(|live| app_facts(live, catalogue)),
        authentication,
        scope_request: catalogue.scope_request(scopes, audience),
    }
}
