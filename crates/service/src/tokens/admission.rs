//! Whether there is room for a client that has authenticated: asked before the work is done, answered by whoever
//! watches the load. No rule of the registry takes part, and nobody is asked on behalf of a client that did not
//! authenticate: its failures must not use up what the real one may do.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use turnkeep_domain::id::{AppId, TenantId};

use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::catalogue::Catalogue;

/// Who wants to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicant {
    /// The app.
    pub app_id: AppId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// How many requests a minute its plan lets it send, where the plan says.
    pub requests_per_minute: Option<NonZeroU32>,
}

impl Applicant {
    pub(crate) fn of(cached: &CachedApp, catalogue: &Catalogue) -> Self {
        let app = &cached.live.app;
        let plan = app.plan.and_then(|assignment| catalogue.plan(assignment.plan_id));
        let requests_per_minute = plan.and_then(|plan| plan.token_requests.minute());
        Self { app_id: app.id, tenant_id: app.tenant_id, requests_per_minute }
    }
}

/// There is no room. The one who said so knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no room for this client at the moment")]
pub struct NotAdmitted;

/// Decides about room for one request.
pub trait Admission: fmt::Debug + Send + Sync {
    /// Counts the request against what the client may do. May be asked again for the same request where a change came
    /// in between.
    fn admit(&self, applicant: &Applicant) -> Result<(), NotAdmitted>;
}

/// Has room for everybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct AdmitAll;

impl AdmitAll {
    /// As commands want it.
    pub fn shared() -> Arc<dyn Admission> {
        Arc::new(Self)
    }
}

impl Admission for AdmitAll {
    fn admit(&self, _: &Applicant) -> Result<(), NotAdmitted> {
        Ok(())
    }
}
