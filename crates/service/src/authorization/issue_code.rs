//! A grant with its code, and what the person has just consented to, in one transaction (RFC 6749 §4.1.2).

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::authorization_request::AuthorizationRequest;
use turnkeep_domain::consent::Consent;
use turnkeep_domain::id::{AuditEventId, GrantId, RequestId};
use turnkeep_domain::person_grant::{AuthorizationCode, Offline, PersonGrant};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_authorization::AuthorizationGrant;
use turnkeep_policy::decide_person_scope::PersonAudience;
use turnkeep_secret::generated::SecretKind;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Admits;

use crate::audit::append::append_to_chains;
use crate::audit::attributes::created;
use crate::authority::Authority;
use crate::authorization::consent_question::ConsentReply;
use crate::authorization::note_refusal::ACTION;
use crate::failure::Fault;
use crate::handles::make_handle;
use crate::person_tokens::loaded_grant::issuer_audience;
use crate::sign_in::session::SignedIn;
use crate::snapshot::cached_app::CachedApp;
use crate::tokens::registration::Registration;
use crate::transaction::admit;

/// Everything that a code stands for.
pub(crate) struct CodeIssue<'a> {
    pub(crate) registration: &'a Registration,
    pub(crate) app: &'a CachedApp,
    pub(crate) signed_in: &'a SignedIn,
    pub(crate) request: &'a AuthorizationRequest,
    pub(crate) grant: AuthorizationGrant<'a>,
    pub(crate) redirect_uri: &'a str,
    pub(crate) was_redirect_uri_sent: bool,
    /// What the person had allowed before, as it was looked up for the decision.
    pub(crate) remembered: Option<&'a ScopeSet>,
    /// What the person allows from now on without being asked, if they were asked just now.
    pub(crate) remember: Option<ScopeSet>,
    /// What they answered then.
    pub(crate) reply: Option<&'a ConsentReply>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) now: Timestamp,
}

/// Issues the code. The grant carries the sequence that was known before anything was looked up: a change that came in
/// since kills it. Consent is no such change, so it is looked at again: taken back meanwhile, the decision was overtaken.
/// `None` if the person's answer has been used.
pub(crate) fn issue_code(
    authority: &Authority,
    issue: &CodeIssue<'_>,
) -> Result<Option<PlaintextSecret>, Fault> {
    let grant = issue.person_grant(authority)?;
    let code = issue.code(&grant);
    let handle = make_handle(authority, SecretKind::AuthorizationCode);
    let is_issued = admit(&*authority.store, |admits| {
        if let Some(reply) = issue.reply {
            let single_use = reply.single_use(grant.instance_id, issue.now);
            if admits.insert_single_use(&single_use)? == Inserted::Conflict {
                return Ok(false);
            }
        }
        if let Some(scopes) = &issue.remember {
            admits.put_consent(&issue.consent(scopes))?;
        }
        if admits.insert_grant(&grant, &code, &handle.hash)? == Inserted::Conflict {
            return Err(StoreError::Corrupt { table: "person_grants", column: "code_hash" }.into());
        }
        issue.audit(authority, admits, &grant)?;
        // Whoever takes it back lists the grants when they have the end of the audit trail, as this has it now: they
        // see this grant, or this sees what they did.
        if issue.is_overtaken(admits)? { Err(Fault::Overtaken) } else { Ok(true) }
    })?;
    Ok(is_issued.then_some(handle.plaintext))
}

impl CodeIssue<'_> {
    fn person_grant(&self, authority: &Authority) -> Result<PersonGrant, Fault> {
        let app = &self.app.live.app;
        let session = &self.signed_in.session;
        let audience = match self.grant.audience {
            PersonAudience::Resource(resource) => resource.audience.clone(),
            PersonAudience::Issuer => issuer_audience(&self.registration.issuer.url)?,
        };
        let expires_at = match self.grant.offline {
            Offline::No => session.expires_at,
            Offline::Yes => session.authentication.at().plus(authority.settings.refresh_limits.absolute),
        };
        Ok(PersonGrant {
            id: GrantId::new(self.now, authority.random_bytes()),
            instance_id: app.instance_id,
            tenant_id: app.tenant_id,
            app_id: app.id,
            user_id: self.signed_in.user.id,
            session_id: session.id,
            offline: self.grant.offline,
            scopes: self.grant.scopes.clone(),
            audience,
            authentication: session.authentication.clone(),
            sequence: self.registration.sequence,
            created_at: self.now,
            expires_at,
            revoked_at: None,
        })
    }

    fn code(&self, grant: &PersonGrant) -> AuthorizationCode {
        AuthorizationCode {
            grant_id: grant.id,
            app_id: grant.app_id,
            redirect_uri: self.redirect_uri.to_owned(),
            was_redirect_uri_sent: self.was_redirect_uri_sent,
            challenge: self.request.challenge.clone(),
            nonce: self.request.nonce.clone(),
            expires_at: self.now.plus(AuthorizationCode::LIFETIME),
            redeemed_at: None,
        }
    }

    /// Whether the person allows less than the decision relies on.
    fn is_overtaken(&self, admits: &mut dyn Admits) -> StoreResult<bool> {
        let (None, Some(remembered)) = (&self.remember, self.remembered) else {
            return Ok(false);
        };
        let app = &self.app.live.app;
        let found = admits.find_consent(app.instance_id, self.signed_in.user.id, app.id)?;
        Ok(found.is_none_or(|consent| !remembered.is_subset(&consent.scopes)))
    }

    fn consent(&self, scopes: &ScopeSet) -> Consent {
        let app = &self.app.live.app;
        Consent {
            instance_id: app.instance_id,
            user_id: self.signed_in.user.id,
            tenant_id: app.tenant_id,
            app_id: app.id,
            scopes: scopes.clone(),
            given_at: self.now,
        }
    }

    fn audit(&self, authority: &Authority, admits: &mut dyn Admits, grant: &PersonGrant) -> StoreResult<()> {
        let mut events = Vec::with_capacity(2);
        if let Some(scopes) = &self.remember {
            let scopes = vec![("scopes", Some(scopes.to_string()))];
            events.push(self.event(authority, "consent.give", grant.app_id.to_string(), created(scopes)));
        }
        let attributes = vec![
            ("app_id", Some(grant.app_id.to_string())),
            ("session_id", Some(grant.session_id.to_string())),
            ("scopes", Some(grant.scopes.to_string())),
            ("audience", Some(grant.audience.to_string())),
        ];
        events.push(self.event(authority, ACTION, grant.id.to_string(), created(attributes)));
        append_to_chains(authority, admits, &events)
    }

    fn event(
        &self,
        authority: &Authority,
        action: &'static str,
        object: String,
        changes: Vec<AttributeChange>,
    ) -> AuditEvent {
        AuditEvent {
            id: AuditEventId::new(self.now, authority.random_bytes()),
            instance_id: self.app.live.app.instance_id,
            tenant_id: Some(self.app.live.app.tenant_id),
            actor: Actor::User(self.signed_in.user.id),
            action,
            object: Some(object),
            outcome: AuditOutcome::Done { changes },
            request_id: self.request_id,
            at: self.now,
        }
    }
}
