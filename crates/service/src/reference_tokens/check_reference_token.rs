//! Does this reference token count at this moment? It is looked up at every use, so a revocation needs nobody to be
//! told; the app and everything around it are what the kill switch says they are.

use std::sync::Arc;

use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AuditEventId, RequestId};
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_reference_token::ReferenceTokenHolder;
use turnkeep_policy::decide_reference_token_use::{
    ReferenceTokenFacts, ReferenceTokenRefusal, decide_reference_token_use,
};
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_storage::reference_token::ReferenceTokenUse;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::handle_hash;
use crate::reference_tokens::holder::holder_of;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::look_up::{LookUp, fault_while_overtaken};
use crate::tokens::registration::Registration;

/// How long a use stands for the next ones, in microseconds: last uses are kept to a minute.
const USES_NOTED_EVERY: i64 = 60_000_000;

/// A reference token that counts.
pub struct CheckedReferenceToken {
    /// Its record.
    pub token: ReferenceToken,
    /// What it may be used for.
    pub scopes: ScopeSet,
    /// The user it acts as; `None` if it acts as the app.
    pub user: Option<User>,
    pub(crate) registration: Registration,
    pub(crate) app: Arc<CachedApp>,
}

impl CheckedReferenceToken {
    /// The client id of its app.
    pub fn client_id(&self) -> &ClientId {
        &self.app.live.app.client_id
    }

    /// `sub`: the user's id, or the client id.
    pub fn subject(&self) -> String {
        match &self.user {
            Some(user) => user.id.to_string(),
            None => self.client_id().to_string(),
        }
    }
}

/// Whether a text has the form of a reference token: cheap, and without any knowledge of stored ones.
pub fn is_reference_token(text: &str) -> bool {
    matches!(
        check_form(text),
        GeneratedForm::Generated(SecretKind::PersonalAccessToken | SecretKind::ServiceAccessToken)
    )
}

/// The token with what surrounds it, if it may be used. It reads the database.
pub fn check_reference_token(
    authority: &Authority,
    issuer: &Slug,
    presented: &str,
    request_id: Option<RequestId>,
) -> Result<Option<CheckedReferenceToken>, Fault> {
    if !is_reference_token(presented) {
        return Ok(None);
    }
    let hash = handle_hash(presented);
    fault_while_overtaken(LookUp::Anywhere, || check_once(authority, issuer, &hash, request_id))
}

struct Found {
    token: ReferenceToken,
    client_id: ClientId,
    user: Option<User>,
    holder: ReferenceTokenHolder,
}

fn check_once(
    authority: &Authority,
    issuer: &Slug,
    hash: &[u8; 32],
    request_id: Option<RequestId>,
) -> Result<Option<CheckedReferenceToken>, Fault> {
    let anywhere = LookUp::Anywhere;
    // Before anything is read: whatever changes about it from here on is seen at the end.
    let as_of = authority.in_step(anywhere)?;
    let Some(cached) = authority.snapshot.issuer(authority, issuer, anywhere)? else {
        return Ok(None);
    };
    let instance_id = cached.catalogue.instance.id;
    let found = authority.store.read(|reads| {
        let Some(token) = reads.find_reference_token(instance_id, hash)? else {
            return Ok(None);
        };
        let Some(app) = reads.find_app(instance_id, token.tenant_id, token.app_id)? else {
            return Ok(None);
        };
        let (user, holder) = holder_of(reads, &token)?;
        Ok(Some(Found { token, client_id: app.client_id, user, holder }))
    })?;
    let Some(Found { token, client_id, user, holder }) = found else {
        return Ok(None);
    };
    let registration = Registration::of_client(authority, issuer, client_id.as_str(), anywhere)?;
    let Some((registration, app)) = registration.and_then(|found| found.app.clone().map(|app| (found, app)))
    else {
        return Ok(None);
    };
    let now = authority.now();
    let catalogue = &registration.issuer.catalogue;
    let decided = decide_reference_token_use(&ReferenceTokenFacts {
        token: &token,
        app: registration.app_facts().filter(|facts| facts.app.id == token.app_id),
        user: user.as_ref(),
        holder,
        scope_request: catalogue.scope_request(Some(&token.scopes), Some(&token.audience)),
        now,
    })
    .map(|grant| grant.scopes);
    registration.confirm(authority, anywhere)?;
    // Tokens are revoked as changes of their app, roles taken away as those of the tenant, users disabled as those of
    // the instance. The app may have been looked up after such a change, and the token before.
    let marks = &authority.follower.marks;
    let is_current = marks.is_app_current(as_of, token.tenant_id, token.app_id)
        && marks.is_instance_current(as_of, instance_id);
    if !is_current {
        return Err(Fault::Overtaken);
    }
    match decided {
        Ok(scopes) => {
            note_use(authority, &token);
            Ok(Some(CheckedReferenceToken { token, scopes, user, registration, app }))
        }
        Err(refusal) => {
            note_refusal(authority, &token, refusal, request_id);
            Ok(None)
        }
    }
}

fn note_use(authority: &Authority, token: &ReferenceToken) {
    let now = authority.now();
    let is_due = token.last_used_at.is_none_or(|last| {
        now < last || last.as_micros().saturating_add(USES_NOTED_EVERY) <= now.as_micros()
    });
    if is_due {
        let ReferenceToken { instance_id, id, .. } = *token;
        authority.books.note_reference_token_use(ReferenceTokenUse { instance_id, id, at: now });
    }
}

fn note_refusal(
    authority: &Authority,
    token: &ReferenceToken,
    refusal: ReferenceTokenRefusal,
    request_id: Option<RequestId>,
) {
    let now = authority.now();
    authority.books.note_refusal(AuditEvent {
        id: AuditEventId::new(now, authority.random_bytes()),
        instance_id: token.instance_id,
        tenant_id: Some(token.tenant_id),
        actor: token.user_id.map_or(Actor::App(token.app_id), Actor::User),
        action: "reference_token.use",
        object: Some(token.id.to_string()),
        outcome: AuditOutcome::Refused { code: refusal.code() },
        request_id,
        at: now,
    });
}
