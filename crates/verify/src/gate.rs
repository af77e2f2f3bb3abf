//! The gate of a resource server: lets in whoever has a token of a pinned issuer, with keys and kill marks that it
//! keeps up to date by itself. Asks nobody about an access token, and nothing that a token names; about reference tokens
//! it asks the issuer, if it was given credentials for that.
//!
//! # Examples
//!
//! ```no_run
//! use turnkeep_domain::resource::Audience;
//! use turnkeep_domain::scope::ScopeSet;
//! use turnkeep_verify::credentials::AccessRequest;
//! use turnkeep_verify::gate::TokenGate;
//! use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
//! use turnkeep_verify::gate::settings::GateSettings;
//! use turnkeep_verify::requirements::AccessRequirements;
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, within a tokio runtime.
//! let issuer = PinnedIssuer::parse("https://id.example.com")?;
//! let gate = TokenGate::start(Audience::parse("TrueParser.API")?, [issuer], GateSettings::default())?;
//! let requirements = AccessRequirements::of_scopes(ScopeSet::parse("read")?);
//! // At every request: all `Authorization`, `X-Api-Key` and `Origin` headers, the query.
//! let request = AccessRequest::read([b"Bearer abc".as_slice()], [], [], Some("page=2"))?;
//! match gate.admit(&request, &requirements).await {
//!     Ok(token) => println!("for {} of {}", token.client_id, token.tenant_id),
//!     Err(refusal) => println!("{} {:?}", refusal.status(), refusal.challenge(gate.audience())),
//! }
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use turnkeep_domain::resource::Audience;

use crate::access_token::{VerifiedAccessToken, unverified_issuer};
use crate::credentials::{AccessRequest, is_reference_token};
use crate::refusal::AccessRefusal;
use crate::rejection::TokenRejection;
use crate::requirements::AccessRequirements;

use authority_client::AuthorityClient;
use introspection::Introspection;
use issuer_gate::IssuerGate;
use pinned_issuer::PinnedIssuer;
use settings::GateSettings;
use status::GateStatus;

pub(crate) mod authority_client;
pub(crate) mod backoff;
pub mod clock;
mod contact;
mod held_keys;
mod introspected_token;
mod introspection;
mod issuer_gate;
mod kill_feed;
pub mod pinned_issuer;
pub mod settings;
pub mod status;
pub mod verified_token;

/// Why a gate cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// No issuer was pinned.
    #[error("a gate needs an issuer")]
    NoIssuer,
    /// The same issuer was pinned twice.
    #[error("an issuer is pinned twice")]
    RepeatedIssuer,
    /// More than one issuer is to be asked about reference tokens, which do not say of which they are: one would be
    /// shown the tokens of another.
    #[error("only one issuer can be asked about reference tokens")]
    SeveralIntrospections,
    /// Called outside of a tokio runtime.
    #[error("a gate has to be started within a tokio runtime")]
    NoRuntime,
    /// This machine can make no HTTPS requests: usually it has no root certificates.
    #[error("no outgoing requests are possible")]
    Client,
}

/// Verifies the tokens of requests. Cheap to clone; the clones share everything. Its background tasks end with the
/// last of them.
#[derive(Clone)]
pub struct TokenGate(Arc<Gate>);

struct Gate {
    audience: Audience,
    issuers: Vec<Arc<IssuerGate>>,
    settings: GateSettings,
    /// Keeps keys and kill marks up to date; dropped, the tasks end.
    _tasks: JoinSet<()>,
}

impl TokenGate {
    /// Starts to follow these issuers, on the tokio runtime of the caller. Accepts tokens for this audience only.
    /// Does not wait for the first keys: the first request does.
    pub fn start(
        audience: Audience,
        pinned: impl IntoIterator<Item = PinnedIssuer>,
        settings: GateSettings,
    ) -> Result<Self, GateError> {
        let home = Handle::try_current().map_err(|_| GateError::NoRuntime)?;
        let client = AuthorityClient::new().ok_or(GateError::Client)?;
        let pinned: Vec<PinnedIssuer> = pinned.into_iter().collect();
        let bytes = settings.remembered_bytes / u64::try_from(pinned.len()).unwrap_or(u64::MAX).max(1);
        let mut issuers: Vec<Arc<IssuerGate>> = Vec::new();
        let mut tasks = JoinSet::new();
        for issuer in pinned {
            if issuers.iter().any(|known| known.issuer() == issuer.issuer()) {
                return Err(GateError::RepeatedIssuer);
            }
            let gate = IssuerGate::new(&issuer, &audience, &settings, bytes, client.clone(), home.clone());
            tasks.spawn_on(Arc::clone(gate.keys()).keep_fresh(), &home);
            if let Some(feed) = gate.kill_feed() {
                tasks.spawn_on(Arc::clone(feed).follow(), &home);
            }
            issuers.push(Arc::new(gate));
        }
        if issuers.is_empty() {
            return Err(GateError::NoIssuer);
        }
        if 1 < issuers.iter().filter(|issuer| issuer.introspection().is_some()).count() {
            return Err(GateError::SeveralIntrospections);
        }
        Ok(Self(Arc::new(Gate { audience, issuers, settings, _tasks: tasks })))
    }

    /// Lets a request in or says why not: everything that [`TokenGate::verify`] checks, then the requirements.
    pub async fn admit(
        &self,
        request: &AccessRequest<'_>,
        requirements: &AccessRequirements,
    ) -> Result<Arc<VerifiedAccessToken>, AccessRefusal> {
        let token = self.verify(request.token.reveal()).await?;
        requirements.check(&token, request.origin)?;
        Ok(token)
    }

    /// Verifies a token: type, algorithm, key, signature, issuer, audience, times (RFC 9068 §4, RFC 8725 §3), then
    /// whether it was killed. Waits for nothing, unless its key is unknown: then for the key set. A reference token is
    /// the issuer's to judge, and what it answered stands for a second.
    pub async fn verify(&self, token: &str) -> Result<Arc<VerifiedAccessToken>, AccessRefusal> {
        let now = self.0.settings.clock.now();
        let (issuer, verified) = match self.0.introspection_for(token) {
            Some((issuer, introspection)) => (issuer, introspection.ask(token, now).await?),
            None => {
                let issuer = self.0.issuer_of(token)?;
                (issuer, issuer.verify(token, now).await?)
            }
        };
        if issuer.is_dead(&verified, self.0.settings.stale_kill_marks).await? {
            return Err(AccessRefusal::Killed);
        }
        Ok(verified)
    }

    /// What is known, how fresh it is, and what went wrong last.
    pub fn status(&self) -> GateStatus {
        GateStatus { issuers: self.0.issuers.iter().map(|issuer| issuer.status()).collect() }
    }

    /// The audience that tokens must be for; also the realm of challenges.
    pub fn audience(&self) -> &Audience {
        &self.0.audience
    }
}

impl Gate {
    /// Who is asked about a token, if it is a reference token and anybody is.
    fn introspection_for(&self, token: &str) -> Option<(&IssuerGate, &Arc<Introspection>)> {
        if !is_reference_token(token) {
            return None;
        }
        self.issuers.iter().find_map(|issuer| issuer.introspection().map(|asked| (&**issuer, asked)))
    }

    /// The issuer that a token says it is of, among the pinned ones only. Saying so proves nothing: its verifier checks
    /// the claim again, after the signature.
    fn issuer_of(&self, token: &str) -> Result<&IssuerGate, TokenRejection> {
        if let [only] = self.issuers.as_slice() {
            return Ok(only);
        }
        let named = unverified_issuer(token)?;
        let issuer = self.issuers.iter().find(|issuer| issuer.issuer() == named);
        issuer.map(AsRef::as_ref).ok_or(TokenRejection::WrongIssuer)
    }
}

impl fmt::Debug for TokenGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenGate")
            .field("audience", &self.0.audience)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
