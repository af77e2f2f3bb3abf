//! What a caller may know of a token (RFC 7662).

use turnkeep_domain::id::{AppId, InstanceId, RequestId};
use turnkeep_domain::slug::Slug;
use turnkeep_policy::decide_introspection::{Introspector, Visibility, decide_introspection};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::tokens::authenticate_bearer::{BearerDenial, Reach, authenticate_bearer};
use crate::tokens::authenticate_client::{ClientAttempt, authenticate_client};
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
}

/// The answer.
#[derive(Debug)]
pub enum Introspection {
    /// The token counts, and the caller may know.
    Active(Box<VerifiedAccessToken>),
    /// Everything else: unknown, expired, revoked, killed, or none of the caller's business.
    Inactive,
}

enum AuthenticatedCaller {
    App { id: AppId, instance_id: InstanceId },
    Operator,
}

/// Answers, once the caller has authenticated.
pub fn introspect_token(
    authority: &Authority,
    command: &IntrospectTokenCommand,
) -> Result<Introspection, Failure<IntrospectTokenDenial>> {
    let caller = authenticate(authority, command)?;
    let now = authority.now();
    let Some(token) = verify_signature(authority, &command.issuer, &command.token, now)? else {
        return Ok(Introspection::Inactive);
    };
    let visible = authority.store.read(|reads| {
        let introspector = match caller {
            AuthenticatedCaller::Operator => Introspector::Operator,
            AuthenticatedCaller::App { id, instance_id } => Introspector::App {
                id,
                serves_audience: reads.is_resource_server(instance_id, &token.audience, id)?,
            },
        };
        if decide_introspection(introspector, token.app_id) == Visibility::Hidden {
            return Ok(false);
        }
        Ok(still_counts(reads, &command.issuer, &token)?.is_some())
    })?;
    Ok(if visible { Introspection::Active(Box::new(token)) } else { Introspection::Inactive })
}

fn authenticate(
    authority: &Authority,
    command: &IntrospectTokenCommand,
) -> Result<AuthenticatedCaller, Failure<IntrospectTokenDenial>> {
    match &command.caller {
        IntrospectionCaller::Client(client) => {
            let attempt = ClientAttempt { action: "token.introspect", request_id: command.request_id };
            let (id, instance_id) = authenticate_client(authority, &command.issuer, client, &attempt)?;
            Ok(AuthenticatedCaller::App { id, instance_id })
        }
        IntrospectionCaller::Bearer(token) => {
            let caller =
                authenticate_bearer(authority, &command.issuer, token).map_err(|failure| match failure {
                    Failure::Denied(denial) => Failure::Denied(IntrospectTokenDenial::Bearer(denial)),
                    Failure::Fault(fault) => Failure::Fault(fault),
                })?;
            match caller.reach {
                Reach::Platform | Reach::Instance => Ok(AuthenticatedCaller::Operator),
                Reach::Tenant { .. } | Reach::Nowhere => {
                    Err(Failure::Denied(BearerDenial::InsufficientScope.into()))
                }
            }
        }
    }
}
