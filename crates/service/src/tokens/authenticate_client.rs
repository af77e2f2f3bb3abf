//! An app that asks about a token, gives one back, or redeems what a person granted, shows who it is.

use std::sync::Arc;

use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::{AppId, RequestId, SecretId};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_person_token::identify_client;
use turnkeep_policy::decide_token::{AppFacts, Authentication, decide_client};
use turnkeep_policy::token_denial::TokenDenial;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::look_up::LookUp;
use crate::tokens::admission::{Admission, Applicant, NotAdmitted, admit_token_request};
use crate::tokens::check_client::check_client;
use crate::tokens::note_refusal::{ClientRefusal, note_refusal};
use crate::tokens::presented_client::PresentedClient;
use crate::tokens::registration::Registration;

/// Whether an app that has no secret may do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublicApps {
    /// No.
    Refused,
    /// Yes: it names itself (RFC 6749 §2.1), and what it presents has to be its own.
    NameThemselves,
}

/// What a client is up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientPurpose {
    /// It hands something in for tokens.
    GetTokens,
    /// It asks about a token.
    Introspect,
    /// It gives a token back.
    Revoke,
}

impl ClientPurpose {
    /// As the audit trail calls it.
    const fn action(self) -> &'static str {
        match self {
            Self::GetTokens => "token.issue",
            Self::Introspect => "token.introspect",
            Self::Revoke => "token.revoke",
        }
    }
}

/// A request of a client that is still to be authenticated, or to be let in.
pub(crate) struct ClientAttempt<'a> {
    pub(crate) purpose: ClientPurpose,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) admission: &'a dyn Admission,
    pub(crate) public_apps: PublicApps,
}

impl ClientAttempt<'_> {
    /// Asks for room for the client.
    fn admit<D: From<NotAdmitted>>(
        &self,
        app: &CachedApp,
        facts: &AppFacts<'_>,
        now: Timestamp,
    ) -> Result<(), Failure<D>> {
        let admitted = match self.purpose {
            ClientPurpose::GetTokens => admit_token_request(self.admission, facts, &app.tokens, now),
            ClientPurpose::Introspect | ClientPurpose::Revoke => self.admission.admit(&Applicant::of(facts)),
        };
        admitted.map_err(|refused| Failure::Denied(refused.into()))
    }

    fn note_refusal(
        &self,
        authority: &Authority,
        registration: &Registration,
        authentication: Authentication,
        code: &'static str,
    ) {
        let (action, request_id) = (self.purpose.action(), self.request_id);
        note_refusal(authority, registration, &ClientRefusal { action, authentication, code, request_id });
    }
}

/// A client that is who it says, or says who it is where that has to do.
pub(crate) struct AuthenticatedClient {
    pub(crate) app_id: AppId,
    pub(crate) app: Arc<CachedApp>,
    /// The secret that it presented.
    pub(crate) secret_id: Option<SecretId>,
    pub(crate) registration: Registration,
    authentication: Authentication,
}

/// The app with its issuer, if it authenticated and is in use. Refusals are noted.
pub(crate) fn authenticate_client<D: From<UnknownIssuer> + From<TokenDenial> + From<NotAdmitted>>(
    authority: &Authority,
    issuer: &Slug,
    client: &PresentedClient,
    attempt: &ClientAttempt<'_>,
    look_up: LookUp,
) -> Result<AuthenticatedClient, Failure<D>> {
    let now = authority.now();
    let registration = Registration::of_client(authority, issuer, &client.client_id, look_up)?
        .ok_or(Failure::Denied(UnknownIssuer.into()))?;
    let presented = (client, attempt.admission.address());
    let checked = check_client(authority, registration.app.as_deref(), presented, now, look_up)?;
    let authentication = match attempt.public_apps {
        PublicApps::NameThemselves if client.secret.is_none() && is_public(&registration) => {
            Authentication::NotAttempted
        }
        PublicApps::NameThemselves | PublicApps::Refused => checked.authentication,
    };
    let facts = registration.app_facts();
    let identified = identify_client(facts.as_ref().map(|facts| facts.app), authentication);
    let decided = decide_client(facts.as_ref(), identified);
    match (decided, facts.as_ref().zip(registration.app.as_ref())) {
        (Ok(()), Some((facts, app))) => {
            if authentication == Authentication::Verified {
                attempt.admit(app, facts, now)?;
            }
            checked.note_use(authority, app, now);
            let (app_id, app) = (app.live.app.id, Arc::clone(app));
            let secret_id = checked.secret_id;
            Ok(AuthenticatedClient { app_id, app, secret_id, registration, authentication })
        }
        (Ok(()), None) => Err(Failure::Denied(TokenDenial::AppUnknown.into())),
        (Err(denial), _) => {
            attempt.note_refusal(authority, &registration, authentication, denial.code());
            Err(Failure::Denied(denial.into()))
        }
    }
}

impl AuthenticatedClient {
    /// Asks for room for a client that only named itself, once it has shown something of its own: a stranger who knows
    /// its name must not use up what it may do.
    pub(crate) fn admit_if_named<D: From<NotAdmitted>>(
        &self,
        attempt: &ClientAttempt<'_>,
        now: Timestamp,
    ) -> Result<(), Failure<D>> {
        if self.authentication == Authentication::Verified {
            return Ok(());
        }
        match self.registration.app_facts() {
            Some(facts) => attempt.admit(&self.app, &facts, now),
            None => Ok(()),
        }
    }

    /// Notes that the client was refused, once it was known.
    pub(crate) fn note_refusal(
        &self,
        authority: &Authority,
        attempt: &ClientAttempt<'_>,
        code: &'static str,
    ) {
        attempt.note_refusal(authority, &self.registration, self.authentication, code);
    }
}

fn is_public(registration: &Registration) -> bool {
    registration.app.as_ref().is_some_and(|app| app.live.app.client_type == ClientType::Public)
}
