//! What a caller may know of a token (RFC 7662).

use std::sync::Arc;

use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{RequestId, UserId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_introspection::{Introspector, Visibility, decide_introspection};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::person_tokens::loaded_grant::{Wanted, decide_for_person};
use crate::person_tokens::presented_refresh_token::{find_presented, is_refresh_token};
use crate::reference_tokens::check_reference_token::is_reference_token;
use crate::reference_tokens::introspect_reference_token::{ActiveReferenceToken, introspect_reference_token};
use crate::snapshot::catalogue::Catalogue;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::admission::{Admission, NotAdmitted};
use crate::tokens::authenticate_bearer::{BearerDenial, Reach, authenticate_bearer};
use crate::tokens::authenticate_client::{
    AuthenticatedClient, ClientAttempt, ClientPurpose, PublicApps, authenticate_client,
};
use crate::tokens::check_issued_token::{still_counts, verify_signature};
use crate::tokens::presented_client::PresentedClient;

/// How the caller shows who it is (RFC 7662 §2.1).
#[derive(Debug)]
pub enum IntrospectionCaller {
    /// By an app's credentials.
    Client(PresentedClient),
    /// By an operator's access token.
    Bearer(String),
}

/// A question about a token.
#[derive(Debug)]
pub struct IntrospectTokenCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Who asks.
    pub caller: IntrospectionCaller,
    /// The token, whatever it is.
    pub token: String,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
    /// Whether there is room for an app that asks.
    pub admission: Arc<dyn Admission>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntrospectTokenDenial {
    /// The issuer does not exist, or is off.
    #[error(transparent)]
    UnknownIssuer(#[from] UnknownIssuer),
    /// The app that asks did not authenticate or may not talk to the server.
    #[error(transparent)]
    Client(#[from] TokenDenial),
    /// The token that the caller authenticates with is of no use for this.
    #[error(transparent)]
    Bearer(#[from] BearerDenial),
    /// Not now.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
}

/// The answer.
#[derive(Debug)]
pub enum Introspection {
    /// The token counts, and the caller may know.
    Active(Arc<VerifiedAccessToken>),
    /// So does this refresh token, which the caller was issued.
    ActiveRefreshToken(Box<ActiveRefreshToken>),
    /// So does this reference token.
    ActiveReferenceToken(Box<ActiveReferenceToken>),
    /// Everything else: unknown, expired, revoked, killed, or none of the caller's business.
    Inactive,
}

/// What an app may know of its own refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveRefreshToken {
    /// The person.
    pub user_id: UserId,
    /// The app.
    pub client_id: ClientId,
    /// What was granted.
    pub scopes: ScopeSet,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it dies, unused.
    pub expires_at: Timestamp,
}

/// Who asks.
enum AuthenticatedCaller {
    App(AuthenticatedClient),
    Operator,
}

impl AuthenticatedCaller {
    /// As whom it asks about a token for this audience.
    fn introspector(&self, catalogue: &Catalogue, audience: &Audience) -> Introspector {
        match self {
            Self::Operator => Introspector::Operator,
            Self::App(client) => Introspector::App {
                id: client.app_id,
                serves_audience: catalogue.is_resource_server(audience, client.app_id),
            },
        }
    }
}

/// Answers, once the caller has authenticated.
pub fn introspect_token(
    authority: &Authority,
    command: &IntrospectTokenCommand,
    look_up: LookUp,
) -> Result<Introspection, Failure<IntrospectTokenDenial>> {
    while_overtaken(look_up, || introspect_once(authority, command, look_up))
}

fn introspect_once(
    authority: &Authority,
    command: &IntrospectTokenCommand,
    look_up: LookUp,
) -> Result<Introspection, Failure<IntrospectTokenDenial>> {
    let caller = authenticate(authority, command, look_up)?;
    let Some(issuer) = authority.snapshot.issuer(authority, &command.issuer, look_up)? else {
        return Ok(Introspection::Inactive);
    };
    if is_refresh_token(&command.token) {
        return match &caller {
            AuthenticatedCaller::App(client) => introspect_refresh_token(authority, client, command, look_up),
            AuthenticatedCaller::Operator => Ok(Introspection::Inactive),
        };
    }
    if is_reference_token(&command.token) {
        return about_reference_token(authority, &caller, command, look_up);
    }
    let Some(token) = verify_signature(&issuer, &command.token, authority.now())? else {
        return Ok(Introspection::Inactive);
    };
    let introspector = caller.introspector(&issuer.catalogue, &token.audience);
    if decide_introspection(introspector, token.app_id) == Visibility::Hidden {
        return Ok(Introspection::Inactive);
    }
    if let AuthenticatedCaller::App(client) = &caller {
        client.registration.confirm(authority, look_up)?;
    }
    let counts = still_counts(authority, &command.issuer, &token, look_up)?.is_some();
    Ok(if counts { Introspection::Active(token) } else { Introspection::Inactive })
}

fn about_reference_token(
    authority: &Authority,
    caller: &AuthenticatedCaller,
    command: &IntrospectTokenCommand,
    look_up: LookUp,
) -> Result<Introspection, Failure<IntrospectTokenDenial>> {
    // Reference tokens are in no memory.
    look_up.require_anywhere()?;
    let IntrospectTokenCommand { issuer, token, request_id, .. } = command;
    let shown = introspect_reference_token(authority, issuer, token, *request_id, |catalogue, token| {
        caller.introspector(catalogue, &token.audience)
    })?;
    if let AuthenticatedCaller::App(client) = caller {
        client.registration.confirm(authority, look_up)?;
    }
    Ok(shown.map_or(Introspection::Inactive, |token| Introspection::ActiveReferenceToken(Box::new(token))))
}

/// It is nobody's business but its own app's.
fn introspect_refresh_token(
    authority: &Authority,
    client: &AuthenticatedClient,
    command: &IntrospectTokenCommand,
    look_up: LookUp,
) -> Result<Introspection, Failure<IntrospectTokenDenial>> {
    // Refresh tokens are in no memory.
    look_up.require_anywhere()?;
    let now = authority.now();
    let instance_id = client.registration.issuer.catalogue.instance.id;
    let found = find_presented(authority, instance_id, &command.token)?;
    let Some((token, loaded)) = found.filter(|(_, loaded)| loaded.grant.app_id == client.app_id) else {
        return Ok(Introspection::Inactive);
    };
    let everything = Wanted { scopes: None, audience: None };
    let decided = decide_for_person(authority, client, &loaded, &everything, now);
    client.registration.confirm(authority, look_up)?;
    match decided {
        Ok(granted) if token.used_at.is_none() && now < token.expires_at => {
            Ok(Introspection::ActiveRefreshToken(Box::new(ActiveRefreshToken {
                user_id: loaded.grant.user_id,
                client_id: client.app.live.app.client_id.clone(),
                scopes: granted.scopes,
                issued_at: token.issued_at,
                expires_at: token.expires_at,
            })))
        }
        Ok(_) | Err(Failure::Denied(_)) => Ok(Introspection::Inactive),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

fn authenticate(
    authority: &Authority,
    command: &IntrospectTokenCommand,
    look_up: LookUp,
) -> Result<AuthenticatedCaller, Failure<IntrospectTokenDenial>> {
    match &command.caller {
        IntrospectionCaller::Client(client) => {
            let attempt = ClientAttempt {
                purpose: ClientPurpose::Introspect,
                request_id: command.request_id,
                admission: &*command.admission,
                // RFC 7662 §2.1: tokens must not be tried out here by anybody.
                public_apps: PublicApps::Refused,
            };
            authenticate_client(authority, &command.issuer, client, &attempt, look_up)
                .map(AuthenticatedCaller::App)
        }
        IntrospectionCaller::Bearer(token) => {
            let caller = authenticate_bearer(authority, &command.issuer, token, look_up)
                .map_err(|failure| failure.map(IntrospectTokenDenial::Bearer))?;
            match caller.reach {
                Reach::Platform | Reach::Instance => {
                    let admitted = command.admission.admit_operator(caller.actor);
                    admitted.map_err(|refused| Failure::Denied(refused.into()))?;
                    Ok(AuthenticatedCaller::Operator)
                }
                Reach::Tenant { .. } | Reach::Nowhere => {
                    Err(Failure::Denied(BearerDenial::InsufficientScope.into()))
                }
            }
        }
    }
}
