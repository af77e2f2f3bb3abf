//! Somebody's own personal tokens whose time is not over, for the person.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use turnkeep_domain::app::App;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind, ReferenceTokenState};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_reference_token_use::{
    ReferenceTokenFacts, ReferenceTokenRefusal, decide_reference_token_use,
};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::reference_tokens::holder::holder_of;
use crate::snapshot::cached_app::facts_without_user;
use crate::snapshot::catalogue::Catalogue;

/// A token, with the name of the app that it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnToken {
    /// Its record.
    pub token: ReferenceToken,
    /// The name of its app.
    pub app_name: DisplayName,
    /// Why it would be refused at this moment, if it would.
    pub refusal: Option<ReferenceTokenRefusal>,
}

/// All personal ones that are neither expired nor revoked, the newest first, also where their apps do not allow them any
/// more: they can be taken back still.
pub fn list_own_tokens(authority: &Authority, user: &User) -> Result<Vec<OwnToken>, Fault> {
    let now = authority.now();
    let mut own = authority.store.read(|reads| {
        let mut live = reads.list_reference_tokens_of_user(user.instance_id, user.id)?;
        live.retain(|token| {
            token.state(now) == ReferenceTokenState::Live && token.kind == ReferenceTokenKind::Personal
        });
        if live.is_empty() {
            return Ok(Vec::new());
        }
        let Some(instance) = reads.find_instance(user.instance_id)? else {
            return Ok(Vec::new());
        };
        let catalogue = Catalogue::read(reads, instance)?;
        let mut apps: HashMap<AppId, Option<(App, Tenant)>> = HashMap::new();
        let mut own = Vec::new();
        for token in live {
            let found = match apps.entry(token.app_id) {
                Entry::Occupied(found) => found.into_mut(),
                Entry::Vacant(place) => place.insert(app_of(reads, &token)?),
            };
            let Some((app, tenant)) = found else { continue };
            let refusal = refusal(reads, &catalogue, (app, tenant), &token, now)?;
            own.push(OwnToken { token, app_name: app.settings.name.clone(), refusal });
        }
        Ok(own)
    })?;
    own.sort_by_key(|own| Reverse(own.token.id));
    Ok(own)
}

fn app_of(reads: &mut dyn Reads, token: &ReferenceToken) -> StoreResult<Option<(App, Tenant)>> {
    let app = reads.find_app(token.instance_id, token.tenant_id, token.app_id)?;
    Ok(app.zip(reads.find_tenant(token.instance_id, token.tenant_id)?))
}

/// What whoever presents the token would hear, by the same decision.
fn refusal(
    reads: &mut dyn Reads,
    catalogue: &Catalogue,
    (app, tenant): (&App, &Tenant),
    token: &ReferenceToken,
    now: Timestamp,
) -> StoreResult<Option<ReferenceTokenRefusal>> {
    let (user, holder) = holder_of(reads, token)?;
    let decided = decide_reference_token_use(&ReferenceTokenFacts {
        token,
        app: Some(facts_without_user(app, tenant, catalogue)),
        user: user.as_ref(),
        holder,
        scope_request: catalogue.scope_request(Some(&token.scopes), Some(&token.audience)),
        now,
    });
    Ok(decided.err())
}
