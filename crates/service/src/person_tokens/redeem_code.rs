//! `authorization_code`: an app redeems a code for the tokens of the person who signed in (RFC 6749 §4.1.3, RFC 7636 §4.6).

use std::sync::Arc;

use turnkeep_domain::id::RequestId;
use turnkeep_domain::person_grant::AuthorizationCode;
use turnkeep_domain::pkce::CodeVerifier;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::code_challenge::answers_challenge;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::handles::handle_hash;
use crate::person_tokens::exchange::{Exchange, ExchangeRequest};
use crate::person_tokens::grant_denial::{GrantDenial, denied};
use crate::person_tokens::loaded_grant::{LoadedGrant, Wanted};
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::admission::Admission;
use crate::tokens::granted_tokens::GrantedTokens;
use crate::tokens::issue_token_denial::IssueTokenDenial;
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
) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    let request = ExchangeRequest {
        issuer: &command.issuer,
        client: &command.client,
        request_id: command.request_id,
        admission: &*command.admission,
    };
    while_overtaken(look_up, || {
        Exchange::run(authority, &request, look_up, |exchange| Redemption { command, exchange }.run())
    })
}

struct Redemption<'a> {
    command: &'a RedeemCodeCommand,
    exchange: &'a Exchange<'a>,
}

impl Redemption<'_> {
    fn run(&self) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
        let Self { command, exchange } = self;
        let presented = command.code.as_ref().ok_or(denied(GrantDenial::CodeUnknown))?;
        let hash = handle_hash(presented.expose());
        let instance_id = exchange.instance_id();
        let found = exchange.authority.store.read(|reads| {
            let Some(code) = reads.find_code(instance_id, &hash)? else {
                return Ok(None);
            };
            let loaded = LoadedGrant::read(reads, instance_id, code.grant_id)?;
            Ok(loaded.map(|loaded| (code, loaded)))
        })?;
        let (code, loaded) = found.ok_or(denied(GrantDenial::CodeUnknown))?;
        if code.app_id != exchange.client.app_id {
            return Err(denied(GrantDenial::CodeOfAnotherApp));
        }
        exchange.admit()?;
        if code.redeemed_at.is_some() {
            return exchange.end_family(code.grant_id, GrantDenial::CodeReplayed);
        }
        self.check_code(&code).map_err(denied)?;
        let granted =
            exchange.decide(&loaded, &Wanted { scopes: None, audience: command.audience.as_ref() })?;
        let issued = exchange.issue(&loaded.grant, &granted, code.nonce.as_deref(), |admits| {
            admits.redeem_code(instance_id, &hash, exchange.now)
        })?;
        match issued {
            Some(issued) => Ok(issued),
            None => self.refuse_late(&hash),
        }
    }

    fn check_code(&self, code: &AuthorizationCode) -> Result<(), GrantDenial> {
        if code.expires_at <= self.exchange.now {
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
    fn refuse_late<T>(&self, hash: &[u8; 32]) -> Result<T, Failure<IssueTokenDenial>> {
        let Self { exchange, .. } = self;
        let code = exchange.authority.store.read(|reads| reads.find_code(exchange.instance_id(), hash))?;
        match code {
            Some(code) if code.redeemed_at.is_some() => {
                exchange.end_family(code.grant_id, GrantDenial::CodeReplayed)
            }
            Some(_) | None => Err(denied(GrantDenial::CodeExpired)),
        }
    }
}
