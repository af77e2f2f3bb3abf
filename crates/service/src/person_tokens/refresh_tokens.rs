//! `refresh_token`: an app gets new tokens of a person, and another refresh token in the place of the one that it used
//! (RFC 6749 §6, RFC 9700 §4.14.2). Each works once; one that comes again ends the whole family.

use std::sync::Arc;

use turnkeep_domain::id::RequestId;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::handles::handle_hash;
use crate::person_tokens::exchange::{Exchange, ExchangeRequest};
use crate::person_tokens::grant_denial::{GrantDenial, denied};
use crate::person_tokens::loaded_grant::Wanted;
use crate::person_tokens::presented_refresh_token::find_refresh_token;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::admission::Admission;
use crate::tokens::granted_tokens::GrantedTokens;
use crate::tokens::issue_token_denial::IssueTokenDenial;
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
) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    let request = ExchangeRequest {
        issuer: &command.issuer,
        client: &command.client,
        request_id: command.request_id,
        admission: &*command.admission,
    };
    while_overtaken(look_up, || {
        Exchange::run(authority, &request, look_up, |exchange| refresh(exchange, command))
    })
}

fn refresh(
    exchange: &Exchange<'_>,
    command: &RefreshTokensCommand,
) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    let presented = command.refresh_token.as_ref().ok_or(denied(GrantDenial::RefreshTokenUnknown))?;
    let hash = handle_hash(presented.expose());
    let (authority, instance_id) = (exchange.authority, exchange.instance_id());
    let found = authority.store.read(|reads| find_refresh_token(reads, instance_id, &hash))?;
    let (token, loaded) = found.ok_or(denied(GrantDenial::RefreshTokenUnknown))?;
    if loaded.grant.app_id != exchange.client.app_id {
        return Err(denied(GrantDenial::RefreshTokenOfAnotherApp));
    }
    exchange.admit()?;
    if token.used_at.is_some() {
        return exchange.end_family(token.grant_id, GrantDenial::RefreshTokenReused);
    }
    if token.expires_at <= exchange.now {
        return Err(denied(GrantDenial::RefreshTokenExpired));
    }
    let wanted = Wanted { scopes: command.scopes.as_ref(), audience: command.audience.as_ref() };
    let granted = exchange.decide(&loaded, &wanted)?;
    // No nonce: OpenID Connect Core §12.2.
    let issued = exchange.issue(&loaded.grant, &granted, None, |admits| {
        admits.use_refresh_token(instance_id, &hash, exchange.now)
    })?;
    match issued {
        Some(issued) => Ok(issued),
        None => refuse_late(exchange, &hash),
    }
}

/// Somebody was faster, or the time was over a moment ago.
fn refuse_late<T>(exchange: &Exchange<'_>, hash: &[u8; 32]) -> Result<T, Failure<IssueTokenDenial>> {
    let (authority, instance_id) = (exchange.authority, exchange.instance_id());
    let token = authority.store.read(|reads| reads.find_refresh_token(instance_id, hash))?;
    match token {
        Some(token) if token.used_at.is_some() => {
            exchange.end_family(token.grant_id, GrantDenial::RefreshTokenReused)
        }
        Some(_) | None => Err(denied(GrantDenial::RefreshTokenExpired)),
    }
}
