//! May this app have a code for this person? One ordered function over everything that the question depends on
//! (RFC 6749 §4.1.1, RFC 9700 §2.1, OpenID Connect Core §3.1.2).
//!
//! Until the app and the redirect URI are known to belong together nothing may be sent anywhere.

use std::time::Duration;

use turnkeep_domain::app::{App, AppOrigin};
use turnkeep_domain::authorization_request::Stated;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::person_grant::Offline;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::sign_in::SignIn;

use crate::authorization_denial::{AuthorizationDenial, PageDenial};
use crate::authorization_facts::{
    AuthorizationFacts, ConsentAnswer, ExpectedPerson, MalformedRequest, RequestedAuthorization,
    SignedInFacts,
};
use crate::decide_person_scope::{PersonAudience, PersonGrantScope, decide_person_scope};
use crate::decide_sign_in::decide_sign_in;
use crate::decide_token::{AppFacts, Authentication, decide_client, first_denial_but_service_access};
use crate::decide_token_scope::ScopeRequest;
use crate::protocol_scopes::ProtocolScope;
use crate::token_denial::TokenDenial;

/// Why somebody has to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in.
    NoSession,
    /// The app wants it done again.
    Prompted,
    /// It was too long ago.
    TooLongAgo,
    /// It did not prove as much as the app wants.
    Assurance,
    /// The app expects somebody else.
    SomebodyElse,
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationGrant<'a> {
    /// The scopes.
    pub scopes: ScopeSet,
    /// Who accepts the access tokens.
    pub audience: PersonAudience<'a>,
    /// Whether the grant outlives the session.
    pub offline: Offline,
}

/// How a request goes on whose app and redirect URI are known to belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationOutcome<'a> {
    /// The app gets an error.
    Refused(AuthorizationDenial),
    /// Somebody has to sign in first.
    NeedsSignIn(SignInReason),
    /// The person has to be asked for these scopes.
    NeedsConsent(ScopeSet),
    /// The app gets a code.
    Granted(AuthorizationGrant<'a>),
}

/// An outcome, and where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationDecision<'a> {
    /// The redirect URI.
    pub redirect_uri: String,
    /// The outcome.
    pub outcome: AuthorizationOutcome<'a>,
}

/// The first thing that stands against a code, or the code.
pub fn decide_authorization<'a>(
    facts: &AuthorizationFacts<'a>,
) -> Result<AuthorizationDecision<'a>, PageDenial> {
    let app = live_app(facts)?;
    let redirect_uri = redirect_uri(app.app, facts.redirect_uri)?;
    let outcome = match decide_request(facts, &app) {
        Ok((request, scope)) => decide_person(facts, &app, &request, scope, &redirect_uri),
        Err(denial) => AuthorizationOutcome::Refused(denial),
    };
    Ok(AuthorizationDecision { redirect_uri, outcome })
}

/// What is switched off is as unknown as what never was.
fn live_app<'a>(facts: &AuthorizationFacts<'a>) -> Result<AppFacts<'a>, PageDenial> {
    if facts.client_id == Stated::Ambiguously {
        return Err(PageDenial::Ambiguous);
    }
    decide_client(facts.app.as_ref(), Authentication::Verified).map_err(PageDenial::Client)?;
    facts.app.ok_or(PageDenial::Client(TokenDenial::AppUnknown))
}

/// RFC 6749 §3.1.2.3: it may only be left out where there is exactly one.
fn redirect_uri(app: &App, requested: Stated<&str>) -> Result<String, PageDenial> {
    let registered = &app.settings.login_redirect_uris;
    match requested {
        Stated::Ambiguously => Err(PageDenial::Ambiguous),
        Stated::Once(requested) if registered.allow(requested) => Ok(requested.to_owned()),
        Stated::Once(_) => Err(PageDenial::RedirectUriMismatch),
        Stated::Never => {
            let mut uris = registered.iter();
            match (uris.next(), uris.next()) {
                (Some(only), None) => Ok(only.as_str().to_owned()),
                (None, _) | (Some(_), Some(_)) => Err(PageDenial::RedirectUriMissing),
            }
        }
    }
}

/// Whether the app may ask this, whoever signs in.
fn decide_request<'a>(
    facts: &AuthorizationFacts<'a>,
    app: &AppFacts<'a>,
) -> Result<(RequestedAuthorization<'a>, PersonGrantScope<'a>), AuthorizationDenial> {
    let request = facts.request.map_err(|MalformedRequest| AuthorizationDenial::Malformed)?;
    first_denial_but_service_access(Some(app), Authentication::Verified).map_err(AuthorizationDenial::App)?;
    if app.app.settings.sign_in == SignIn::Nobody {
        return Err(AuthorizationDenial::NotForPeople);
    }
    if !request.has_challenge && requires_pkce(app.app) {
        return Err(AuthorizationDenial::PkceRequired);
    }
    let scope_request = ScopeRequest {
        scopes: request.scopes,
        audience: request.audience,
        known_resources: facts.known_resources,
        known_scopes: facts.known_scopes,
    };
    let scope = decide_person_scope(app.app, &scope_request, facts.issuer);
    Ok((request, scope.map_err(AuthorizationDenial::Scope)?))
}

/// It can be lifted for an app that keeps a secret, never for one that does not (RFC 9700 §2.1.1).
fn requires_pkce(app: &App) -> bool {
    match (app.client_type, app.settings.pkce) {
        (ClientType::Public, _) | (ClientType::Confidential, PkceRequirement::Required) => true,
        (ClientType::Confidential, PkceRequirement::Optional) => false,
    }
}

/// Whether this person may enter, and has said yes.
fn decide_person<'a>(
    facts: &AuthorizationFacts<'a>,
    app: &AppFacts<'a>,
    request: &RequestedAuthorization<'_>,
    scope: PersonGrantScope<'a>,
    redirect_uri: &str,
) -> AuthorizationOutcome<'a> {
    let person = match signed_in_as_asked(facts, request) {
        Ok(person) => person,
        Err(_) if request.prompts.none => {
            return AuthorizationOutcome::Refused(AuthorizationDenial::LoginRequired);
        }
        Err(NotSignedIn::Again(reason)) => return AuthorizationOutcome::NeedsSignIn(reason),
        Err(NotSignedIn::ForGood) => {
            return AuthorizationOutcome::Refused(AuthorizationDenial::LoginRequired);
        }
    };
    if let Err(denial) = decide_sign_in(app.app.settings.sign_in, person.kind, person.state) {
        return AuthorizationOutcome::Refused(AuthorizationDenial::SignIn(denial));
    }
    let is_given = match facts.answer {
        Some(ConsentAnswer::Denied) => {
            return AuthorizationOutcome::Refused(AuthorizationDenial::ConsentDenied);
        }
        Some(ConsentAnswer::Given(given)) => given.user_id == person.user_id && given.scopes == scope.scopes,
        None => false,
    };
    if !is_given && needs_consent(app.app, request, &scope.scopes, person.remembered, redirect_uri) {
        return if request.prompts.none {
            AuthorizationOutcome::Refused(AuthorizationDenial::ConsentRequired)
        } else {
            AuthorizationOutcome::NeedsConsent(scope.scopes)
        };
    }
    let offline = if ProtocolScope::OfflineAccess.is_in(&scope.scopes) { Offline::Yes } else { Offline::No };
    AuthorizationOutcome::Granted(AuthorizationGrant {
        scopes: scope.scopes,
        audience: scope.audience,
        offline,
    })
}

enum NotSignedIn {
    Again(SignInReason),
    /// Whoever signed in just now is not the one that the app expects.
    ForGood,
}

/// Who signed in after the app asked has done what it asked for (OpenID Connect Core §3.1.2.3).
fn signed_in_as_asked<'a>(
    facts: &AuthorizationFacts<'a>,
    request: &RequestedAuthorization<'_>,
) -> Result<SignedInFacts<'a>, NotSignedIn> {
    let person = facts.signed_in.ok_or(NotSignedIn::Again(SignInReason::NoSession))?;
    let signed_in_at = person.authentication.at();
    let is_fresh = facts.began_at.is_some_and(|began_at| began_at <= signed_in_at);
    if request.prompts.login && !is_fresh {
        return Err(NotSignedIn::Again(SignInReason::Prompted));
    }
    let is_too_old = |max_age: Duration| max_age.is_zero() || signed_in_at.plus(max_age) < facts.now;
    if request.max_age.is_some_and(is_too_old) && !is_fresh {
        return Err(NotSignedIn::Again(SignInReason::TooLongAgo));
    }
    // A wish (OpenID Connect Core §3.1.2.1, `acr_values`): who has just done what they can goes on, and so does who may
    // not be asked.
    let is_less_sure = |wanted| person.authentication.level() < wanted;
    if request.assurance.is_some_and(is_less_sure) && !is_fresh && !request.prompts.none {
        return Err(NotSignedIn::Again(SignInReason::Assurance));
    }
    match facts.expected {
        ExpectedPerson::User(user_id) if user_id != person.user_id => {
            Err(if is_fresh { NotSignedIn::ForGood } else { NotSignedIn::Again(SignInReason::SomebodyElse) })
        }
        // Nobody can be asked who this may be; and who can be asked is who signs in.
        ExpectedPerson::Unknown if request.prompts.none => Err(NotSignedIn::ForGood),
        ExpectedPerson::Anybody | ExpectedPerson::Unknown | ExpectedPerson::User(_) => Ok(person),
    }
}

/// An app of the platform's own acts for the one who runs this server, but not behind the person's back (OpenID Connect
/// Core §11).
fn needs_consent(
    app: &App,
    request: &RequestedAuthorization<'_>,
    scopes: &ScopeSet,
    remembered: Option<&ScopeSet>,
    redirect_uri: &str,
) -> bool {
    let is_remembered = remembered.is_some_and(|remembered| scopes.is_subset(remembered));
    let asks_of_itself = match app.origin {
        AppOrigin::Platform => ProtocolScope::OfflineAccess.is_in(scopes),
        AppOrigin::External => true,
    };
    request.prompts.consent || !is_identity_assured(app, redirect_uri) || (asks_of_itself && !is_remembered)
}

/// Any program on the computer can listen at a loopback address and claim to be this app (RFC 8252 §8.6, ASVS 10.7.1).
/// Only there a redirect URI may be http.
fn is_identity_assured(app: &App, redirect_uri: &str) -> bool {
    match app.client_type {
        ClientType::Confidential => true,
        ClientType::Public => !redirect_uri.starts_with("http:"),
    }
}

#[cfg(test)]
mod tests;
