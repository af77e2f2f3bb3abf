//! What a caller may know of a token (RFC 7662).

use std::sync::Arc;

use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_policy::decide_introspection::{Introspector, Visibility, decide_introspection};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::admission::{Admission, NotAdmitted};
use crate::tokens::authenticate_bearer::{BearerDenial, Reach, authenticate_bearer};
use crate::tokens::authenticate_client::{AuthenticatedClient, ClientAttempt, authenticate_client};
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
    /// Everything else: unknown, expired, revoked, killed, or none of the caller's business.
    Inactive,
}

/// Who asks.
enum AuthenticatedCaller {
    App(AuthenticatedClient),
    Operator,
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
    let Some(token) = verify_signature(&issuer, &command.token, authority.now())? else {
        return Ok(Introspection::Inactive);
    };
    let introspector = match &caller {
        AuthenticatedCaller::Operator => Introspector::Operator,
        AuthenticatedCaller::App(client) => Introspector::App {
            id: client.app_id,
            serves_audience: issuer.catalogue.is_resource_server(&token.audience, client.app_id),
        },
    };
    if decide_introspection(introspector, token.app_id) == Visibility::Hidden {
        return Ok(Introspection::Inactive);
    }
    if let AuthenticatedCaller::App(client) = &caller {
        client.registration.confirm(authority, look_up)?;
    }
    let counts = still_counts(authority, &command.issuer, &token, look_up)?.is_some();
    Ok(if counts { Introspection::Active(token) } else { Introspection::Inactive })
}

fn authenticate(
    authority: &Authority,
    command: &IntrospectTokenCommand,
    look_up: LookUp,
) -> Result<AuthenticatedCaller, Failure<IntrospectTokenDenial>> {
    match &command.caller {
        IntrospectionCaller::Client(client) => {
            let attempt = ClientAttempt {
                action: "token.introspect",
                request_id: command.request_id,
                admission: &*command.admission,
            };
            authenticate_client(authority, &command.issuer, client, &attempt, look_up)
                .map(AuthenticatedCaller::App)
        }
        IntrospectionCaller::Bearer(token) => {
            let caller =
                authenticate_bearer(authority, &command.issuer, token, look_up).map_err(|failure| {
                    match failure {
                        Failure::Denied(denial) => Failure::Denied(IntrospectTokenDenial::Bearer(denial)),
                        Failure::Fault(fault) => Failure::Fault(fault),
                    }
                })?;
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
