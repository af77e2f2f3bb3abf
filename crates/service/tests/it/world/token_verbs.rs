//! Verbs of the token endpoints, as apps use them.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use turnkeep_domain::resource::Audience;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::failure::Failure;
use turnkeep_service::keys::publish_key_set::publish_key_set;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::admission::AdmitAll;
use turnkeep_service::tokens::granted_tokens::GrantedTokens;
use turnkeep_service::tokens::introspect_token::{
    IntrospectTokenCommand, IntrospectTokenDenial, Introspection, IntrospectionCaller, introspect_token,
};
use turnkeep_service::tokens::issue_token::{IssueTokenCommand, issue_token};
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_service::tokens::presented_client::PresentedClient;
use turnkeep_service::tokens::revoke_token::{RevokeTokenCommand, RevokeTokenDenial, revoke_token};
use turnkeep_testkit::fixtures::{scopes, slug};
use turnkeep_verify::access_token::{AccessTokenVerifier, VerifiedAccessToken};
use turnkeep_verify::key_set::KeySet;
use turnkeep_verify::rejection::TokenRejection;

use super::{TestApp, World, denial};

/// What an app presents.
pub(crate) fn presented(app: &TestApp) -> PresentedClient {
    let secret = app.secret.clone().map(|text| PlaintextSecret::presented(text).unwrap());
    PresentedClient { client_id: app.client_id.clone(), secret }
}

/// The payload of a token, unverified.
pub(crate) fn payload(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

impl World {
    /// A request of the app that names neither scopes nor a resource.
    pub(crate) fn request(&self, app: &TestApp) -> IssueTokenCommand {
        IssueTokenCommand {
            issuer: self.slug.clone(),
            client: presented(app),
            scopes: None,
            audience: None,
            request_id: None,
            admission: AdmitAll::shared(),
        }
    }

    pub(crate) fn issue(&self, app: &TestApp) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
        issue_token(&self.authority, &self.request(app), LookUp::Anywhere)
    }

    pub(crate) fn issue_for(
        &self,
        app: &TestApp,
        wanted: Option<&str>,
        audience: Option<&str>,
    ) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
        let audience = audience.map(|audience| Audience::parse(audience).unwrap());
        let command = IssueTokenCommand { scopes: wanted.map(scopes), audience, ..self.request(app) };
        issue_token(&self.authority, &command, LookUp::Anywhere)
    }

    /// The text of a token that must be issued.
    #[track_caller]
    pub(crate) fn token(&self, app: &TestApp) -> String {
        self.issue(app).unwrap().access_token.expose().to_owned()
    }

    /// Why the app gets no token.
    #[track_caller]
    pub(crate) fn refusal(&self, app: &TestApp) -> TokenDenial {
        token_denial(denial(self.issue(app)))
    }

    /// A fresh token of the first operator, whatever the instance.
    pub(crate) fn operator_token(&self) -> String {
        let request = IssueTokenCommand {
            issuer: slug("default"),
            client: PresentedClient {
                client_id: self.operator.client_id.to_string(),
                secret: Some(PlaintextSecret::new(self.operator.client_secret.expose().to_owned())),
            },
            scopes: None,
            audience: None,
            request_id: None,
            admission: AdmitAll::shared(),
        };
        issue_token(&self.authority, &request, LookUp::Anywhere).unwrap().access_token.expose().to_owned()
    }

    pub(crate) fn introspect(
        &self,
        caller: IntrospectionCaller,
        token: &str,
    ) -> Result<Introspection, Failure<IntrospectTokenDenial>> {
        let command = IntrospectTokenCommand {
            issuer: self.slug.clone(),
            caller,
            token: token.to_owned(),
            request_id: None,
            admission: AdmitAll::shared(),
        };
        introspect_token(&self.authority, &command, LookUp::Anywhere)
    }

    /// Whether the token counts, as the operator sees it.
    #[track_caller]
    pub(crate) fn is_active(&self, token: &str) -> bool {
        let caller = IntrospectionCaller::Bearer(self.operator_token());
        matches!(self.introspect(caller, token).unwrap(), Introspection::Active(_))
    }

    /// Whether the token counts, as an app sees it.
    #[track_caller]
    pub(crate) fn is_active_for(&self, app: &TestApp, token: &str) -> bool {
        let caller = IntrospectionCaller::Client(presented(app));
        matches!(self.introspect(caller, token).unwrap(), Introspection::Active(_))
    }

    pub(crate) fn revoke(&self, app: &TestApp, token: &str) -> Result<(), Failure<RevokeTokenDenial>> {
        let command = RevokeTokenCommand {
            issuer: self.slug.clone(),
            client: presented(app),
            token: token.to_owned(),
            request_id: None,
            admission: AdmitAll::shared(),
        };
        revoke_token(&self.authority, &command)
    }

    /// The key set as a resource server reads it.
    pub(crate) fn key_set(&self) -> KeySet {
        let published = publish_key_set(&self.authority, &self.slug, LookUp::Anywhere)
            .unwrap_or_else(|_| panic!("no key set"));
        KeySet::from_jwks(published.as_json().as_bytes()).unwrap()
    }

    /// What a resource server makes of a token.
    pub(crate) fn verify(&self, token: &str) -> Result<VerifiedAccessToken, TokenRejection> {
        let issuer = self.authority.base_url().issuer_of(&self.slug);
        AccessTokenVerifier::new(issuer).verify(&self.key_set(), token, self.authority.now())
    }
}

/// The denial, if it is not about the issuer.
#[track_caller]
pub(crate) fn token_denial(denial: IssueTokenDenial) -> TokenDenial {
    match denial {
        IssueTokenDenial::Token(denial) => denial,
        IssueTokenDenial::UnknownIssuer(_) => panic!("the issuer is unknown"),
        IssueTokenDenial::NotAdmitted(_) => panic!("there is no room"),
        IssueTokenDenial::QuotaExceeded(_) => panic!("the quota is used up"),
        IssueTokenDenial::Grant(denial) => panic!("what was granted is of no use: {denial}"),
    }
}
