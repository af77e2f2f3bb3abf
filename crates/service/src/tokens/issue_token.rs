//! `client_credentials`: an app gets an access token (RFC 6749 §4.4, RFC 9068, seeds 000 and 001).

use std::sync::Arc;

use turnkeep_domain::id::{RequestId, TokenId};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::{decide_client, decide_token};
use turnkeep_policy::decide_token_scope::TokenGrant;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_token::access_token::mint;
use turnkeep_token::claims::TokenIssue;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::token_requests::take_token::{TokenRequest, take_token};
use crate::tokens::admission::{Admission, CountedToken, admit_token_request};
use crate::tokens::check_client::{CheckedClient, check_client};
use crate::tokens::granted_tokens::{AccessToken, GrantedTokens};
use crate::tokens::issue_token_denial::IssueTokenDenial;
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

/// Issues a token, or says why not. Refusals are noted for the audit trail.
pub fn issue_token(
    authority: &Authority,
    command: &IssueTokenCommand,
    look_up: LookUp,
) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    while_overtaken(look_up, || issue_once(authority, command, look_up))
}

/// Walks as `authenticate_client` does, and on to the token. Not by way of it: the facts are looked up once for both
/// decisions, and a secret counts as used only when there is a token for it.
fn issue_once(
    authority: &Authority,
    command: &IssueTokenCommand,
    look_up: LookUp,
) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
    let now = authority.now();
    let registration =
        Registration::of_client(authority, &command.issuer, &command.client.client_id, look_up)?
            .ok_or(Failure::Denied(IssueTokenDenial::UnknownIssuer(UnknownIssuer)))?;
    let presented = (&command.client, command.admission.address());
    let checked = check_client(authority, registration.app.as_deref(), presented, now, look_up)?;
    let facts =
        registration.token_facts(checked.authentication, command.scopes.as_ref(), command.audience.as_ref());
    // Nobody is asked about room for a client that is not known, or not in use: `decide_token` says so below.
    let is_client_known = decide_client(facts.app.as_ref(), checked.authentication).is_ok();
    if let (true, Some(app_facts), Some(app)) = (is_client_known, &facts.app, &registration.app) {
        admit_token_request(&*command.admission, app_facts, &app.tokens, now)
            .map_err(|refused| Failure::Denied(refused.into()))?;
    }
    let decided = decide_token(&facts);
    match (decided, &registration.app) {
        (Ok(grant), Some(app)) => {
            let plan = facts.app.as_ref().and_then(|app| app.plan);
            let (registration, request_id) = (&registration, command.request_id);
            let request = TokenRequest { registration, app, plan, request_id, now };
            let taken = take_token(authority, &request, look_up)
                .map_err(|failure| failure.map(IssueTokenDenial::QuotaExceeded))?;
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

fn mint_token(
    authority: &Authority,
    registration: &Registration,
    app: &CachedApp,
    grant: &TokenGrant<'_>,
    checked: &CheckedClient,
    now: Timestamp,
) -> Result<GrantedTokens, Fault> {
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
    Ok(GrantedTokens {
        access_token: AccessToken::new(token),
        lifetime,
        scopes: prepared.scopes.clone(),
        // RFC 6749 §4.4.3.
        refresh_token: None,
        id_token: None,
    })
}
