//! Making the tokens of a grant: an access token, an ID token where `openid` was granted, and the next refresh token.

use turnkeep_domain::id::TokenId;
use turnkeep_domain::person_grant::{PersonGrant, RefreshToken};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::protocol_scopes::ProtocolScope;
use turnkeep_secret::generated::SecretKind;
use turnkeep_token::access_token::{ActiveSigner, MintError, mint};
use turnkeep_token::claims::{ClaimsTemplate, PersonSubject, TokenIssue, TokenSubject};
use turnkeep_token::id_token::{ID_TOKEN_ALGORITHM, IdToken, mint_id_token};

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::handles::{NewHandle, make_handle};
use crate::person_tokens::loaded_grant::Granted;
use crate::snapshot::look_up::LookUp;
use crate::token_requests::app_tokens::Taken;
use crate::token_requests::take_token::{TokenRequest, take_token};
use crate::tokens::admission::CountedToken;
use crate::tokens::authenticate_client::{AuthenticatedClient, ClientAttempt};
use crate::tokens::granted_tokens::{AccessToken, GrantedTokens};
use crate::tokens::issue_token_denial::IssueTokenDenial;

/// What is issued.
pub(crate) struct PersonIssue<'a> {
    pub(crate) client: &'a AuthenticatedClient,
    pub(crate) attempt: &'a ClientAttempt<'a>,
    pub(crate) grant: &'a PersonGrant,
    /// What may be had of it, as it was decided.
    pub(crate) granted: &'a Granted,
    /// Of the authorization request, for the first ID token.
    pub(crate) nonce: Option<&'a str>,
    pub(crate) now: Timestamp,
}

/// Tokens that are made, but not given to anybody yet.
pub(crate) struct Prepared {
    issued: GrantedTokens,
    taken: Taken,
    pub(crate) refresh_token: RefreshToken,
    pub(crate) handle: NewHandle,
}

impl PersonIssue<'_> {
    /// Counts the token against the app's quota, signs everything, and makes sure that nothing has changed meanwhile. What
    /// is prepared has to be issued or given back.
    pub(crate) fn prepare(
        &self,
        authority: &Authority,
        look_up: LookUp,
    ) -> Result<Prepared, Failure<IssueTokenDenial>> {
        let (app, registration) = (&self.client.app, &self.client.registration);
        let plan = registration.issuer.catalogue.plan_of(&app.live.app);
        let request_id = self.attempt.request_id;
        let request = TokenRequest { registration, app, plan, request_id, now: self.now };
        let taken = take_token(authority, &request, look_up)
            .map_err(|failure| failure.map(IssueTokenDenial::QuotaExceeded))?;
        let made =
            self.mint(authority).and_then(|issued| registration.confirm(authority, look_up).map(|()| issued));
        match made {
            Ok(issued) => {
                let handle = make_handle(authority, SecretKind::RefreshToken);
                let refresh_token = self.refresh_token(authority);
                Ok(Prepared { issued, taken, refresh_token, handle })
            }
            Err(fault) => {
                app.tokens.give_back(&taken);
                Err(fault.into())
            }
        }
    }

    /// The tokens are the app's now.
    pub(crate) fn issue(&self, prepared: Prepared) -> GrantedTokens {
        self.attempt.admission.issued(CountedToken::new(&self.client.app.tokens, prepared.taken));
        GrantedTokens { refresh_token: Some(prepared.handle.plaintext), ..prepared.issued }
    }

    /// They never were anybody's.
    pub(crate) fn give_back(&self, prepared: &Prepared) {
        self.client.app.tokens.give_back(&prepared.taken);
    }

    fn mint(&self, authority: &Authority) -> Result<GrantedTokens, Fault> {
        let lifetime = self.client.app.live.app.settings.token_lifetime.as_duration();
        let access_token = self.mint_access_token(authority)?;
        let id_token = match ProtocolScope::OpenId.is_in(&self.granted.scopes) {
            true => Some(self.mint_id_token(&access_token)?),
            false => None,
        };
        let scopes: ScopeSet = self.granted.scopes.clone();
        let access_token = AccessToken::new(access_token);
        Ok(GrantedTokens { access_token, lifetime, scopes, refresh_token: None, id_token })
    }

    fn mint_access_token(&self, authority: &Authority) -> Result<String, Fault> {
        let (app, issuer) = (&self.client.app.live.app, &self.client.registration.issuer);
        let plan = issuer.catalogue.plan_of(app);
        let (algorithm, plan) = match self.granted.resource {
            None => (ID_TOKEN_ALGORITHM, None),
            Some((algorithm, limits_claims)) => {
                (algorithm, plan.map(|plan| (&plan.code, &plan.limits, limits_claims)))
            }
        };
        let sub = self.grant.user_id.to_string();
        let template = ClaimsTemplate::new(&TokenSubject {
            iss: &issuer.url,
            sub: &sub,
            audience: &self.granted.audience,
            client_id: &app.client_id,
            scopes: &self.granted.scopes,
            tenant_id: app.tenant_id,
            app_id: app.id,
            placement: &app.placement,
            allowed_domains: &app.settings.allowed_domains,
            plan,
            person: Some(PersonSubject {
                kind: self.granted.kind,
                grant_id: self.grant.id,
                session_id: self.grant.session_id,
                authentication: &self.grant.authentication,
            }),
        })
        .map_err(signing_failed)?;
        let issue = TokenIssue {
            issued_at: self.now,
            lifetime: app.settings.token_lifetime.as_duration(),
            token_id: TokenId::new(self.now, authority.random_bytes()),
            sequence: self.client.registration.sequence,
            secret_id: self.client.secret_id,
        };
        mint(self.signer(algorithm)?, &template, &issue).map_err(signing_failed)
    }

    fn mint_id_token(&self, access_token: &str) -> Result<AccessToken, Fault> {
        let app = &self.client.app.live.app;
        let token = IdToken {
            iss: &self.client.registration.issuer.url,
            user_id: self.grant.user_id,
            client_id: &app.client_id,
            session_id: self.grant.session_id,
            authentication: &self.grant.authentication,
            nonce: self.nonce,
            access_token,
            issued_at: self.now,
            lifetime: app.settings.token_lifetime.as_duration(),
        };
        let minted = mint_id_token(self.signer(ID_TOKEN_ALGORITHM)?, &token).map_err(signing_failed)?;
        Ok(AccessToken::new(minted))
    }

    fn signer(&self, algorithm: SigningAlgorithm) -> Result<&ActiveSigner, Fault> {
        self.client.registration.issuer.ring()?.signer(algorithm).ok_or(Fault::NoSigningKey)
    }

    /// It may lie unused for a while, but never longer than all of the grant's may live.
    fn refresh_token(&self, authority: &Authority) -> RefreshToken {
        let limits = &authority.settings.refresh_limits;
        let idle = self.now.plus(limits.idle);
        let absolute = self.grant.created_at.plus(limits.absolute).min(self.grant.expires_at);
        RefreshToken {
            grant_id: self.grant.id,
            issued_at: self.now,
            expires_at: idle.min(absolute),
            used_at: None,
        }
    }
}

fn signing_failed(error: MintError) -> Fault {
    Fault::signing_key("signing the tokens of a person")(error.into())
}
