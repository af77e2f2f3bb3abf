//! `client_credentials`: an app gets an access token (RFC 6749 §4.4, RFC 9068, seeds 000 and 001).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use turnkeep_domain::id::{RequestId, TokenId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::{decide_client, decide_token};
use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;
use turnkeep_policy::decide_token_scope::TokenGrant;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_token::access_token::mint;
use turnkeep_token::claims::TokenIssue;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::person_tokens::grant_denial::GrantDenial;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::token_requests::take_token::{TokenRequest, take_token};
use crate::tokens::admission::{Admission, Applicant, CountedToken, NotAdmitted};
use crate::tokens::check_client::{CheckedClient, check_client};
use crate::tokens::note_refusal::{ClientRefusal, note_refusal};
use crate::tokens::prepared_grant::PreparedGrant;
use crate::tokens::presented_client::PresentedClient;
use crate::tokens::registration::Registration;

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
    /// Whether there is room for the client.
    pub admission: Arc<dyn Admission>,
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
    /// Not now.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    /// The app has had all the tokens that it may have for now.
    #[error(transparent)]
    QuotaExceeded(#[from] TokenQuotaExceeded),
    /// What it presents of a person's gets it nothing.
    #[error(transparent)]
    Grant(GrantDenial),
}

/// A token that cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    pub(crate) const fn new(token: String) -> Self {
        Self(token)
    }

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
    /// By which the app goes on, if a person granted it.
    pub refresh_token: Option<PlaintextSecret>,
    /// Who signed in, if the app asked.
    pub id_token: Option<AccessToken>,
}

/// Issues a token, or says why not. Refusals are noted for the audit trail.
pub fn issue_token(
    authority: &Authority,
    command: &IssueTokenCommand,
    look_up: LookUp,
) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
    while_overtaken(look_up, || issue_once(authority, command, look_up))
}

fn issue_once(
    authority: &Authority,
    command: &IssueTokenCommand,
    look_up: LookUp,
) -> Result<IssuedToken, Failure<IssueTokenDenial>> {
    let now = authority.now();
    let registration =
        Registration::of_client(authority, &command.issuer, &command.client.client_id, look_up)?
            .ok_or(Failure::Denied(IssueTokenDenial::UnknownIssuer(UnknownIssuer)))?;
    let checked = check_client(authority, registration.app.as_deref(), &command.client, now, look_up)?;
    let facts =
        registration.token_facts(checked.authentication, command.scopes.as_ref(), command.audience.as_ref());
    let is_in_use = decide_client(facts.app.as_ref(), checked.authentication).is_ok();
    if let (true, Some(app_facts), Some(app)) = (is_in_use, &facts.app, &registration.app) {
        command.admission.admit(&Applicant::of(app_facts)).map_err(|refused| {
            app.tokens.note_refused(now);
            Failure::Denied(refused.into())
        })?;
    }
    let decided = decide_token(&facts);
    match (decided, &registration.app) {
        (Ok(grant), Some(app)) => {
            let plan = facts.app.as_ref().and_then(|app| app.plan);
            let (registration, request_id) = (&registration, command.request_id);
            let request = TokenRequest { registration, app, plan, request_id, now };
            let taken = take_token(authority, &request, look_up).map_err(within_quota)?;
            let minted = mint_token(authority, registration, app, &grant, &checked, now)
                .and_then(|issued| registration.confirm(authority, look_up).map(|()| issued));
            if minted.is_ok() {
                checked.note_use(authority, app, now);
                command.admission.issued(CountedToken::new(&app.tokens, taken));
            } else {
                app.tokens.give_back(&taken);
            }
            Ok(minted?)
        }
        (Ok(_), None) => Err(Failure::Denied(TokenDenial::AppUnknown.into())),
        (Err(denial), _) => {
            let refusal = ClientRefusal {
                action: "token.issue",
                authentication: checked.authentication,
                code: denial.code(),
                request_id: command.request_id,
            };
            note_refusal(authority, &registration, &refusal);
            Err(Failure::Denied(denial.into()))
        }
    }
}

pub(crate) fn within_quota(failure: Failure<TokenQuotaExceeded>) -> Failure<IssueTokenDenial> {
    match failure {
        Failure::Denied(exceeded) => Failure::Denied(exceeded.into()),
        Failure::Fault(fault) => Failure::Fault(fault),
    }
}

fn mint_token(
    authority: &Authority,
    registration: &Registration,
    app: &CachedApp,
    grant: &TokenGrant<'_>,
    checked: &CheckedClient,
    now: Timestamp,
) -> Result<IssuedToken, Fault> {
    let issuer = &registration.issuer;
    let kept = app.last_grant.load_full().filter(|kept| kept.is_of(issuer, grant));
    let prepared = match kept {
        Some(kept) => kept,
        None => {
            let prepared = PreparedGrant::new(issuer, app, grant)
                .map_err(|error| Fault::signing_key("preparing a grant")(error.into()))?;
            let prepared = Arc::new(prepared);
            app.last_grant.store(Some(Arc::clone(&prepared)));
            prepared
        }
    };
    let lifetime = app.live.app.settings.token_lifetime.as_duration();
    let issue = TokenIssue {
        issued_at: now,
        lifetime,
        token_id: TokenId::new(now, authority.random_bytes()),
        sequence: registration.sequence,
        secret_id: checked.secret_id,
    };
    let signer = issuer.ring()?.signer(prepared.algorithm).ok_or(Fault::NoSigningKey)?;
    let token = mint(signer, &prepared.template, &issue)
        .map_err(|error| Fault::signing_key("signing a token")(error.into()))?;
    Ok(IssuedToken {
        access_token: AccessToken(token),
        lifetime,
        scopes: prepared.scopes.clone(),
        // RFC 6749 §4.4.3.
        refresh_token: None,
        id_token: None,
    })
}
