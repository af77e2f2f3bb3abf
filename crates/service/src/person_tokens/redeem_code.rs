//! `authorization_code`: an app redeems a code for the tokens of the person who signed in (RFC 6749 §4.1.3, RFC 7636 §4.6).

use std::sync::Arc;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{GrantId, InstanceId, RequestId};
use turnkeep_domain::person_grant::AuthorizationCode;
use turnkeep_domain::pkce::CodeVerifier;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::code_challenge::answers_challenge;
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

/// A code as an app presents it.
#[derive(Debug)]
pub struct RedeemCodeCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Who asks.
    pub client: PresentedClient,
    /// The code; one that is longer than any code is left out, and so is unknown.
    pub code: Option<PlaintextSecret>,
    /// The redirect URI, if it was sent.
    pub redirect_uri: Option<String>,
    /// The verifier, if one was sent.
    pub verifier: Option<PlaintextSecret>,
    /// The resource, if one was named: it has to be that of the authorization request (RFC 8707 §2.2).
    pub audience: Option<Audience>,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
    /// Whether there is room for the client.
    pub admission: Arc<dyn Admission>,
}

/// Redeems a code. What fails leaves the code as it is, but for a second redemption, which ends everything that came of
/// the first one. Refusals are noted for the audit trail.
pub fn redeem_code(
    authority: &Authority,
    command: &RedeemCodeCommand,
    look_up: LookUp,
) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
    while_overtaken(look_up, || redeem_once(authority, command, look_up))
}

fn redeem_once(
    authority: &Authority,
    command: &RedeemCodeCommand,
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
        // Codes are in no memory.
        return Err(Fault::NotInMemory(Missing::SlowHash).into());
    }
    let redemption = Redemption { command, attempt: &attempt, client: &client, now: authority.now() };
    redemption
        .run(authority, look_up)
        .map_err(|failure| note_grant_refusal(authority, &client, &attempt, failure))
}

struct Redemption<'a> {
    command: &'a RedeemCodeCommand,
    attempt: &'a ClientAttempt<'a>,
    client: &'a AuthenticatedClient,
    now: Timestamp,
}

impl Redemption<'_> {
    fn run(&self, authority: &Authority, look_up: LookUp) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
        let presented = self.command.code.as_ref().ok_or(denied(GrantDenial::CodeUnknown))?;
        let hash = handle_hash(presented.expose());
        let instance_id = self.client.registration.issuer.catalogue.instance.id;
        let found = authority.store.read(|reads| {
            let Some(code) = reads.find_code(instance_id, &hash)? else {
                return Ok(None);
            };
            let loaded = LoadedGrant::read(reads, instance_id, code.grant_id)?;
            Ok(loaded.map(|loaded| (code, loaded)))
        })?;
        let (code, loaded) = found.ok_or(denied(GrantDenial::CodeUnknown))?;
        if code.app_id != self.client.app_id {
            return Err(denied(GrantDenial::CodeOfAnotherApp));
        }
        self.client.admit_if_named(self.attempt)?;
        if code.redeemed_at.is_some() {
            return self.end_replayed(authority, instance_id, code.grant_id);
        }
        self.check_code(&code).map_err(denied)?;
        let wanted = Wanted { scopes: None, audience: self.command.audience.as_ref() };
        let granted = decide_for_person(authority, self.client, &loaded, &wanted, self.now)?;
        let issue = PersonIssue {
            client: self.client,
            attempt: self.attempt,
            grant: &loaded.grant,
            granted: &granted,
            nonce: code.nonce.as_deref(),
            now: self.now,
        };
        let prepared = issue.prepare(authority, look_up)?;
        match redeem(authority, instance_id, &hash, &prepared, self.now) {
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

    fn check_code(&self, code: &AuthorizationCode) -> Result<(), GrantDenial> {
        if code.expires_at <= self.now {
            return Err(GrantDenial::CodeExpired);
        }
        match &self.command.redirect_uri {
            Some(sent) if *sent == code.redirect_uri => {}
            None if !code.was_redirect_uri_sent => {}
            Some(_) | None => return Err(GrantDenial::RedirectUriMismatch),
        }
        match (&code.challenge, &self.command.verifier) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(GrantDenial::VerifierUnexpected),
            (Some(_), None) => Err(GrantDenial::VerifierMissing),
            (Some(challenge), Some(verifier)) => match CodeVerifier::parse(verifier.expose()) {
                Ok(verifier) if answers_challenge(verifier.expose(), challenge.as_str()) => Ok(()),
                Ok(_) | Err(_) => Err(GrantDenial::VerifierMismatch),
            },
        }
    }

    /// Somebody was faster, or the time was over a moment ago.
    fn refuse_late<T>(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        hash: &[u8; 32],
    ) -> Result<T, Failure<IssueTokenDenial>> {
        let code = authority.store.read(|reads| reads.find_code(instance_id, hash))?;
        match code {
            Some(code) if code.redeemed_at.is_some() => {
                self.end_replayed(authority, instance_id, code.grant_id)
            }
            Some(_) | None => Err(denied(GrantDenial::CodeExpired)),
        }
    }

    /// One of the two who had the code should not have it.
    fn end_replayed<T>(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        grant_id: GrantId,
    ) -> Result<T, Failure<IssueTokenDenial>> {
        let revocation = GrantRevocation {
            actor: Actor::App(self.client.app_id),
            reason: GrantDenial::CodeReplayed.code(),
            request_id: self.attempt.request_id,
            at: self.now,
        };
        revoke_one_grant(authority, instance_id, grant_id, &revocation)?;
        Err(denied(GrantDenial::CodeReplayed))
    }
}

/// In one transaction with the first refresh token, so that who redeems has one, and nobody else does.
fn redeem(
    authority: &Authority,
    instance_id: InstanceId,
    hash: &[u8; 32],
    prepared: &Prepared,
    now: Timestamp,
) -> Result<bool, Fault> {
    let redeemed = authority.store.admit(|admits| {
        if admits.redeem_code(instance_id, hash, now)? == Updated::Stale {
            return Ok(false);
        }
        match admits.insert_refresh_token(instance_id, &prepared.refresh_token, &prepared.handle.hash)? {
            Inserted::Inserted => Ok(true),
            Inserted::Conflict => Err(StoreError::Corrupt { table: "refresh_tokens", column: "token_hash" }),
        }
    })?;
    Ok(redeemed)
}
