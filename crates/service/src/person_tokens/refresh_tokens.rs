//! `refresh_token`: an app gets new tokens of a person, and another refresh token in the place of the one that it used
//! (RFC 6749 §6, RFC 9700 §4.14.2). Each works once; one that comes again ends the whole family.

use std::sync::Arc;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{GrantId, InstanceId, RequestId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::{Inserted, Updated};

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::handles::handle_hash;
use crate::person_tokens::grant_denial::{GrantDenial, denied, note_grant_refusal};
use crate::person_tokens::issue_for_person::{PersonIssue, Prepared};
use crate::person_tokens::loaded_grant::{LoadedGrant, Wanted, decide_for_person};
use crate::person_tokens::revoke_grants::{GrantRevocation, revoke_one_grant};
use crate::snapshot::look_up::{LookUp, Missing, while_overtaken};
use crate::tokens::admission::Admission;
use crate::tokens::authenticate_client::{
    AuthenticatedClient, ClientAttempt, PublicApps, authenticate_client,
};
use crate::tokens::issue_token::{IssueTokenDenial, IssuedToken};
use crate::tokens::presented_client::PresentedClient;

/// A refresh token as an app presents it.
#[derive(Debug)]
pub struct RefreshTokensCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Who asks.
    pub client: PresentedClient,
    /// The refresh token; one that is longer than any is left out, and so is unknown.
    pub refresh_token: Option<PlaintextSecret>,
    /// The requested scopes; `None` for all that were granted.
    pub scopes: Option<ScopeSet>,
    /// The resource, if one was named: it has to be that of the grant.
    pub audience: Option<Audience>,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
    /// Whether there is room for the client.
    pub admission: Arc<dyn Admission>,
}

/// Issues new tokens for a refresh token. What fails leaves it as it is, but for a second use, which ends everything that
/// came of the grant. Refusals are noted for the audit trail.
pub fn refresh_tokens(
    authority: &Authority,
    command: &RefreshTokensCommand,
    look_up: LookUp,
) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
    while_overtaken(look_up, || refresh_once(authority, command, look_up))
}

fn refresh_once(
    authority: &Authority,
    command: &RefreshTokensCommand,
    look_up: LookUp,
) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
    let attempt = ClientAttempt {
        action: "token.issue",
        request_id: command.request_id,
        admission: &*command.admission,
        public_apps: PublicApps::NameThemselves,
    };
    let client = authenticate_client(authority, &command.issuer, &command.client, &attempt, look_up)?;
    if look_up == LookUp::InMemory {
        // Refresh tokens are in no memory.
        return Err(Fault::NotInMemory(Missing::SlowHash).into());
    }
    let refresh = Refresh { command, attempt: &attempt, client: &client, now: authority.now() };
    refresh
        .run(authority, look_up)
        .map_err(|failure| note_grant_refusal(authority, &client, &attempt, failure))
}

struct Refresh<'a> {
    command: &'a RefreshTokensCommand,
    attempt: &'a ClientAttempt<'a>,
    client: &'a AuthenticatedClient,
    now: Timestamp,
}

impl Refresh<'_> {
    fn run(&self, authority: &Authority, look_up: LookUp) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
        let presented = self.command.refresh_token.as_ref();
        let hash = handle_hash(presented.ok_or(denied(GrantDenial::RefreshTokenUnknown))?.expose());
        let instance_id = self.client.registration.issuer.catalogue.instance.id;
        let found = authority.store.read(|reads| {
            let Some(token) = reads.find_refresh_token(instance_id, &hash)? else {
                return Ok(None);
            };
            let loaded = LoadedGrant::read(reads, instance_id, token.grant_id)?;
            Ok(loaded.map(|loaded| (token, loaded)))
        })?;
        let (token, loaded) = found.ok_or(denied(GrantDenial::RefreshTokenUnknown))?;
        if loaded.grant.app_id != self.client.app_id {
            return Err(denied(GrantDenial::RefreshTokenOfAnotherApp));
        }
        self.client.admit_if_named(self.attempt)?;
        if token.used_at.is_some() {
            return self.end_reused(authority, instance_id, token.grant_id);
        }
        if token.expires_at <= self.now {
            return Err(denied(GrantDenial::RefreshTokenExpired));
        }
        let (scopes, audience) = (self.command.scopes.as_ref(), self.command.audience.as_ref());
        let wanted = Wanted { scopes, audience };
        let granted = decide_for_person(authority, self.client, &loaded, &wanted, self.now)?;
        let issue = PersonIssue {
            client: self.client,
            attempt: self.attempt,
            grant: &loaded.grant,
            granted: &granted,
            // OpenID Connect Core §12.2.
            nonce: None,
            now: self.now,
        };
        let prepared = issue.prepare(authority, look_up)?;
        match rotate(authority, instance_id, &hash, &prepared, self.now) {
            Ok(true) => Ok(issue.issue(prepared)),
            Ok(false) => {
                issue.give_back(&prepared);
                self.refuse_late(authority, instance_id, &hash)
            }
            Err(fault) => {
                issue.give_back(&prepared);
                Err(fault.into())
            }
        }
    }

    /// Somebody was faster, or the time was over a moment ago.
    fn refuse_late<T>(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        hash: &[u8; 32],
    ) -> Result<T, Failure<IssueTokenDenial>> {
        let token = authority.store.read(|reads| reads.find_refresh_token(instance_id, hash))?;
        match token {
            Some(token) if token.used_at.is_some() => self.end_reused(authority, instance_id, token.grant_id),
            Some(_) | None => Err(denied(GrantDenial::RefreshTokenExpired)),
        }
    }

    /// One of the two who had it should not have it, and nobody knows which.
    fn end_reused<T>(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        grant_id: GrantId,
    ) -> Result<T, Failure<IssueTokenDenial>> {
        let revocation = GrantRevocation {
            actor: Actor::App(self.client.app_id),
            reason: GrantDenial::RefreshTokenReused.code(),
            request_id: self.attempt.request_id,
            at: self.now,
        };
        revoke_one_grant(authority, instance_id, grant_id, &revocation)?;
        Err(denied(GrantDenial::RefreshTokenReused))
    }
}

/// The use of one and the making of the next are one transaction: a family has one live token at most.
fn rotate(
    authority: &Authority,
    instance_id: InstanceId,
    hash: &[u8; 32],
    prepared: &Prepared,
    now: Timestamp,
) -> Result<bool, Fault> {
    let rotated = authority.store.admit(|admits| {
        if admits.use_refresh_token(instance_id, hash, now)? == Updated::Stale {
            return Ok(false);
        }
        match admits.insert_refresh_token(instance_id, &prepared.refresh_token, &prepared.handle.hash)? {
            Inserted::Inserted => Ok(true),
            Inserted::Conflict => Err(StoreError::Corrupt { table: "refresh_tokens", column: "token_hash" }),
        }
    })?;
    Ok(rotated)
}
