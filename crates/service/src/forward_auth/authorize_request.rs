//! The decision about one request that a gateway holds up (nginx `auth_request`, Traefik, Envoy).

use std::fmt;
use std::time::Duration;

use turnkeep_domain::id::{AppId, RequestId, TenantId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::UserName;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::basic::check_basic::{BasicAttempt, check_basic};
use crate::failure::{Failure, Fault};
use crate::reference_tokens::check_reference_token::{check_reference_token, is_reference_token};
use crate::sign_in::refusal::SignInRefusal;
use crate::snapshot::look_up::LookUp;
use crate::tokens::check_issued_token::current_token;

/// What the held-up request carries.
#[derive(Clone)]
pub enum ForwardedCredentials {
    /// An access token or a reference token.
    Bearer(PlaintextSecret),
    /// A reference token in a header of its own.
    ApiKey(PlaintextSecret),
    /// A user name and a password.
    Basic(Box<BasicAttempt>),
}

impl fmt::Debug for ForwardedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bearer(_) => "Bearer(…)",
            Self::ApiKey(_) => "ApiKey(…)",
            Self::Basic(_) => "Basic(…)",
        })
    }
}

/// What the gateway asks.
#[derive(Debug, Clone)]
pub struct ForwardAuthCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// What the request carries.
    pub credentials: ForwardedCredentials,
    /// The resource behind the gateway. A token for any other is of no use there.
    pub audience: Audience,
    /// What the request needs; may be empty.
    pub scopes: ScopeSet,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
}

/// Who sends the request, as the gateway may tell the service behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizedRequest {
    /// `sub`: a user's id, or a client id.
    pub subject: String,
    /// The name of the user, where one was looked up.
    pub user_name: Option<UserName>,
    /// The client id of the app.
    pub client_id: String,
    /// The app.
    pub app_id: AppId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// What it may do.
    pub scopes: ScopeSet,
}

/// Why the request may not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForwardAuthDenial {
    /// The token does not count, or not there.
    #[error("the token does not count here")]
    InvalidToken,
    /// The user name or the password is wrong, or the app takes none.
    #[error("the credentials do not count here")]
    WrongCredentials,
    /// There were too many wrong passwords of late. Nothing was checked.
    #[error("too many attempts")]
    TooManyAttempts {
        /// From when on one is looked at again.
        retry_after: Duration,
    },
    /// It counts, but does not include what the request needs.
    #[error("the token lacks a scope")]
    InsufficientScope,
}

impl From<SignInRefusal> for ForwardAuthDenial {
    fn from(refusal: SignInRefusal) -> Self {
        match refusal {
            SignInRefusal::WrongCredentials => Self::WrongCredentials,
            SignInRefusal::TooManyAttempts { retry_after } => Self::TooManyAttempts { retry_after },
        }
    }
}

/// Lets a request pass, or says why not.
pub fn authorize_request(
    authority: &Authority,
    command: &ForwardAuthCommand,
    look_up: LookUp,
) -> Result<AuthorizedRequest, Failure<ForwardAuthDenial>> {
    let request = match &command.credentials {
        ForwardedCredentials::Bearer(token) if !is_reference_token(token.expose()) => {
            by_access_token(authority, command, token, look_up)?
        }
        ForwardedCredentials::Bearer(token) | ForwardedCredentials::ApiKey(token) => {
            look_up.require_anywhere()?;
            by_reference_token(authority, command, token)?
        }
        ForwardedCredentials::Basic(attempt) => {
            look_up.require_anywhere()?;
            Some(by_password(authority, attempt)?)
        }
    };
    let request = request.ok_or(Failure::Denied(ForwardAuthDenial::InvalidToken))?;
    if !command.scopes.is_subset(&request.scopes) {
        return Err(Failure::Denied(ForwardAuthDenial::InsufficientScope));
    }
    Ok(request)
}

fn by_access_token(
    authority: &Authority,
    command: &ForwardAuthCommand,
    token: &PlaintextSecret,
    look_up: LookUp,
) -> Result<Option<AuthorizedRequest>, Fault> {
    let audience = Some(command.audience.as_str());
    let found = current_token(authority, &command.issuer, token.expose(), audience, look_up)?;
    Ok(found.map(|(token, _)| AuthorizedRequest {
        subject: token.subject.clone(),
        user_name: None,
        client_id: token.client_id.to_string(),
        app_id: token.app_id,
        tenant_id: token.tenant_id,
        scopes: token.scopes.clone(),
    }))
}

fn by_reference_token(
    authority: &Authority,
    command: &ForwardAuthCommand,
    token: &PlaintextSecret,
) -> Result<Option<AuthorizedRequest>, Fault> {
    let checked = check_reference_token(authority, &command.issuer, token.expose(), command.request_id)?;
    let checked = checked.filter(|checked| checked.token.audience == command.audience);
    Ok(checked.map(|checked| AuthorizedRequest {
        subject: checked.subject(),
        client_id: checked.client_id().to_string(),
        app_id: checked.token.app_id,
        tenant_id: checked.token.tenant_id,
        user_name: checked.user.map(|user| user.name),
        scopes: checked.scopes,
    }))
}

fn by_password(
    authority: &Authority,
    attempt: &BasicAttempt,
) -> Result<AuthorizedRequest, Failure<ForwardAuthDenial>> {
    let found = check_basic(authority, attempt).map_err(|failure| failure.map(ForwardAuthDenial::from))?;
    Ok(AuthorizedRequest {
        subject: found.user.id.to_string(),
        client_id: found.app.app.client_id.to_string(),
        app_id: found.app.app.id,
        tenant_id: found.app.app.tenant_id,
        user_name: Some(found.user.name),
        scopes: found.scopes,
    })
}
