//! `client_credentials`: an app gets an access token (RFC 6749 §4.4, RFC 9068, seeds 000 and 001).

use std::fmt;
use std::time::Duration;

use turnkeep_domain::id::{RequestId, TokenId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::decide_token;
use turnkeep_policy::decide_token_scope::TokenGrant;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_token::access_token::mint;
use turnkeep_token::claims::{AccessTokenClaims, TokenSubject};

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::tokens::check_client::check_client;
use crate::tokens::note_refusal::{ClientRefusal, note_refusal};
use crate::tokens::presented_client::PresentedClient;
use crate::tokens::registration::{RegisteredApp, Registration};

/// A request for a token.
#[derive(Debug)]
pub struct IssueTokenCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Who asks.
    pub client: PresentedClient,
    /// The requested scopes; `None` for all that are registered.
    pub scopes: Option<ScopeSet>,
    /// The requested resource.
    pub audience: Option<Audience>,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueTokenDenial {
    /// The issuer does not exist, or is off.
    #[error(transparent)]
    UnknownIssuer(#[from] UnknownIssuer),
    /// The app may not have it.
    #[error(transparent)]
    Token(#[from] TokenDenial),
}

/// An access token that cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    /// The compact JWS, for the response.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// A token and what the response says about it.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub access_token: AccessToken,
    /// How long it lives.
    pub lifetime: Duration,
    /// What was granted.
    pub scopes: ScopeSet,
}

/// Issues a token, or says why not. Refusals are noted for the audit trail.
pub fn issue_token(
    authority: &Authority,
    command: &IssueTokenCommand,
) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
    let now = authority.now();
    let registration = authority
        .store
        .read(|reads| {
            Registration::of_client(reads, &authority.decoys, &command.issuer, &command.client.client_id)
        })?
        .ok_or(Failure::Denied(IssueTokenDenial::UnknownIssuer(UnknownIssuer)))?;
    let authentication = check_client(authority, registration.app.as_ref(), &command.client, now)?;
    let facts = registration.token_facts(authentication, command.scopes.as_ref(), command.audience.as_ref());
    match (decide_token(&facts), &registration.app) {
        (Ok(grant), Some(registered)) => {
            Ok(mint_token(authority, command, &registration, registered, grant, now)?)
        }
        (Ok(_), None) => Err(Failure::Denied(TokenDenial::AppUnknown.into())),
        (Err(denial), _) => {
            let refusal = ClientRefusal {
                action: "token.issue",
                authentication,
                denial,
                request_id: command.request_id,
            };
            note_refusal(authority, &registration, &refusal);
            Err(Failure::Denied(denial.into()))
        }
    }
}

fn mint_token(
    authority: &Authority,
    command: &IssueTokenCommand,
    registration: &Registration,
    registered: &RegisteredApp,
    grant: TokenGrant<'_>,
    now: Timestamp,
) -> Result<IssuedToken, Fault> {
    let RegisteredApp { app, plan, .. } = registered;
    let system_user_id;
    let sub = match app.settings.service_access {
        ServiceAccess::AsUser(user_id) => {
            system_user_id = user_id.to_string();
            &system_user_id
        }
        ServiceAccess::AsApp | ServiceAccess::Disabled => app.client_id.as_str(),
    };
    let lifetime = app.settings.token_lifetime.as_duration();
    let iss = authority.base_url.issuer_of(&command.issuer);
    let claims = AccessTokenClaims::new(&TokenSubject {
        iss: &iss,
        sub,
        audience: &grant.resource.audience,
        client_id: &app.client_id,
        scopes: &grant.scopes,
        tenant_id: app.tenant_id,
        app_id: app.id,
        placement: &app.placement,
        allowed_domains: &app.settings.allowed_domains,
        plan: plan.as_ref().map(|plan| (&plan.code, &plan.limits, grant.resource.limits_claims)),
        issued_at: now,
        lifetime,
        token_id: TokenId::new(now, authority.random_bytes()),
        sequence: registration.sequence,
    });
    let (instance_id, algorithm) = (registration.instance.id, grant.resource.signing_algorithm);
    let ring = authority.key_rings.as_of(authority, instance_id, registration.sequence)?;
    let signer = ring.signer(algorithm).ok_or(Fault::NoSigningKey)?;
    let token = mint(signer, &claims).map_err(|error| Fault::signing_key("signing a token")(error.into()))?;
    Ok(IssuedToken { access_token: AccessToken(token), lifetime, scopes: grant.scopes })
}
