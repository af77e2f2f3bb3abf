//! What an app asks of the authorization endpoint (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1).
//!
//! First of all it is known where an answer would go, and only then what is wrong with the rest: so reading a request
//! never fails as a whole.

use std::fmt;
use std::time::Duration;

use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::authorization_request::{AuthorizationRequest, Prompts, Stated};
use turnkeep_domain::pkce::CodeChallenge;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;

use crate::authorization_request_error::AuthorizationRequestError;
use crate::authorization_response::push_encoded;
use crate::form::{FormParameters, decode_component};

/// What this server understands. Every other parameter is ignored (RFC 6749 §3.1).
const UNDERSTOOD: [&str; 18] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "scope",
    "resource",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "prompt",
    "max_age",
    "acr_values",
    "login_hint",
    "id_token_hint",
    "request",
    "request_uri",
    "registration",
];

/// The values of `prompt` that are understood.
pub const PROMPT_VALUES: [&str; 4] = ["none", "login", "consent", "select_account"];

/// The longest `state`, in bytes.
pub const MAX_STATE: usize = 4_096;

/// The longest `nonce`, in bytes.
pub const MAX_NONCE: usize = 512;

/// The longest request, in bytes of what is understood: while the person signs in it is carried in URLs.
pub const MAX_REQUEST: usize = 14_000;

/// The longest `login_hint` that is passed on, in characters; a longer one is nobody's name.
const MAX_LOGIN_HINT: usize = 320;

/// Some 31 years, in digits: no session lasts so long.
const MAX_AGE_DIGITS: usize = 9;

/// The parameters of a query or of a form body, in their order. Values may be secrets of the client's.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct AuthorizationParameters {
    pairs: Vec<(String, Option<String>)>,
    is_malformed: bool,
    are_too_many: bool,
}

impl AuthorizationParameters {
    /// Decodes a query or a form body.
    pub fn parse(encoded: &[u8]) -> Self {
        let mut read = Self::default();
        for pair in encoded.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if FormParameters::MAX <= read.pairs.len() {
                read.are_too_many = true;
                break;
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode_component(halves.next().unwrap_or_default());
            let value = decode_component(halves.next().unwrap_or_default()).ok();
            read.is_malformed |= name.is_err() || value.is_none();
            if let Ok(name) = name {
                read.pairs.push((name, value));
            }
        }
        read
    }

    /// What is understood and not empty, in its order, as a form: enough to read the same request again later.
    pub fn understood(&self) -> String {
        let mut form = String::new();
        for (name, value) in self.pairs.iter().filter(|(name, _)| UNDERSTOOD.contains(&name.as_str())) {
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                form.push_str(if form.is_empty() { "" } else { "&" });
                form.push_str(name);
                form.push('=');
                push_encoded(&mut form, value);
            }
        }
        form
    }

    /// A parameter.
    pub fn stated(&self, name: &str) -> Stated<&str> {
        let mut values = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (None, _) => Stated::Never,
            (Some(Some(value)), None) if value.is_empty() => Stated::Never,
            (Some(Some(value)), None) => Stated::Once(value),
            (Some(None), None) | (Some(_), Some(_)) => Stated::Ambiguously,
        }
    }

    /// `state`, byte for byte, if it can be returned.
    pub fn state(&self) -> Option<&str> {
        self.stated("state").value().filter(|state| state.len() <= MAX_STATE)
    }

    /// How the answer is to be sent. An answer to a request that does not say so in an understandable way goes where
    /// every client looks for it, into the query.
    pub fn response_mode(&self) -> ResponseMode {
        let stated = self.stated("response_mode").value();
        stated.and_then(ResponseMode::parse).unwrap_or(ResponseMode::Query)
    }

    /// `login_hint`, as it is: nobody may trust it.
    pub fn login_hint(&self) -> Option<&str> {
        self.stated("login_hint").value().filter(|hint| hint.chars().count() <= MAX_LOGIN_HINT)
    }

    /// Reads everything but where the answer goes.
    pub fn read(&self) -> Result<AuthorizationRequest, AuthorizationRequestError> {
        self.check_form()?;
        self.check_response()?;
        let scopes = match self.stated("scope").value() {
            Some(text) => Some(ScopeSet::parse(text).map_err(|_| AuthorizationRequestError::Scope)?),
            None => None,
        };
        let audience = match self.stated("resource").value() {
            Some(text) => Some(Audience::parse(text).map_err(|_| AuthorizationRequestError::Resource)?),
            None => None,
        };
        let nonce = self.stated("nonce").value();
        if nonce.is_some_and(|nonce| MAX_NONCE < nonce.len()) {
            return Err(AuthorizationRequestError::NonceTooLong);
        }
        let max_age = self.stated("max_age").value();
        Ok(AuthorizationRequest {
            challenge: self.challenge()?,
            scopes,
            audience,
            nonce: nonce.map(str::to_owned),
            prompts: parse_prompts(self.stated("prompt").value().unwrap_or_default())?,
            max_age: max_age.map(parse_max_age).transpose()?,
            assurance: self.stated("acr_values").value().and_then(lowest_known),
            id_token_hint: self.stated("id_token_hint").value().map(str::to_owned),
        })
    }

    /// RFC 6749 §3.1: "parameters MUST NOT be included more than once".
    fn check_form(&self) -> Result<(), AuthorizationRequestError> {
        let repeats = |(index, (name, _)): (usize, &(String, Option<String>))| {
            self.pairs.iter().take(index).any(|(earlier, _)| earlier == name)
        };
        if self.are_too_many {
            Err(AuthorizationRequestError::TooMany)
        } else if self.is_malformed {
            Err(AuthorizationRequestError::Encoding)
        } else if self.pairs.iter().enumerate().any(repeats) {
            Err(AuthorizationRequestError::Repeated)
        } else if MAX_REQUEST < self.understood().len() {
            Err(AuthorizationRequestError::TooLarge)
        } else {
            Ok(())
        }
    }

    /// What is not served at all, and how the answer has to look.
    fn check_response(&self) -> Result<(), AuthorizationRequestError> {
        let is_there = |name| self.stated(name) != Stated::Never;
        if is_there("request") {
            return Err(AuthorizationRequestError::RequestObject);
        }
        if is_there("request_uri") {
            return Err(AuthorizationRequestError::RequestUri);
        }
        if is_there("registration") {
            return Err(AuthorizationRequestError::Registration);
        }
        match self.stated("response_type").value() {
            None => return Err(AuthorizationRequestError::NoResponseType),
            Some("code") => {}
            Some(_) => return Err(AuthorizationRequestError::ResponseType),
        }
        if self.stated("response_mode").value().is_some_and(|mode| ResponseMode::parse(mode).is_none()) {
            return Err(AuthorizationRequestError::UnknownResponseMode);
        }
        if self.stated("state").value().is_some_and(|state| MAX_STATE < state.len()) {
            return Err(AuthorizationRequestError::StateTooLong);
        }
        Ok(())
    }

    /// RFC 7636 §4.3: without a method it is `plain`, which proves nothing (RFC 9700 §2.1.1).
    fn challenge(&self) -> Result<Option<CodeChallenge>, AuthorizationRequestError> {
        let method = self.stated("code_challenge_method").value();
        match (self.stated("code_challenge").value(), method) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(AuthorizationRequestError::NoChallenge),
            (Some(challenge), Some("S256")) => {
                CodeChallenge::parse(challenge).map(Some).map_err(|_| AuthorizationRequestError::Challenge)
            }
            (Some(_), Some(_) | None) => Err(AuthorizationRequestError::ChallengeMethod),
        }
    }
}

impl fmt::Debug for AuthorizationParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthorizationParameters({} parameters)", self.pairs.len())
    }
}

/// How the answer gets to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirect URI (OAuth 2.0 Multiple Response Types §2.1).
    Query,
    /// As a form that the browser posts to it (OAuth 2.0 Form Post Response Mode §2).
    FormPost,
}

impl ResponseMode {
    /// Every mode, the usual one first.
    pub const ALL: [Self; 2] = [Self::Query, Self::FormPost];

    /// The value of `response_mode`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// Values separated by spaces; `none` excludes the others.
fn parse_prompts(text: &str) -> Result<Prompts, AuthorizationRequestError> {
    let mut prompts = Prompts::default();
    for value in text.split(' ').filter(|value| !value.is_empty()) {
        match value {
            "none" => prompts.none = true,
            "login" | "select_account" => prompts.login = true,
            "consent" => prompts.consent = true,
            _ => return Err(AuthorizationRequestError::Prompt),
        }
    }
    if prompts.none && (prompts.login || prompts.consent) {
        return Err(AuthorizationRequestError::PromptNoneWithOthers);
    }
    Ok(prompts)
}

/// Any of the values will do, in the end, so it is the lowest; those that mean nothing here are left out, as the claim is
/// a voluntary one (OpenID Connect Core §3.1.2.1).
fn lowest_known(values: &str) -> Option<AssuranceLevel> {
    AssuranceLevel::ALL.into_iter().find(|level| values.split(' ').any(|value| value == level.acr()))
}

/// Digits only: no sign, no fraction, no exponent.
fn parse_max_age(text: &str) -> Result<Duration, AuthorizationRequestError> {
    let is_number = text.len() <= MAX_AGE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| is_number);
    seconds.map(Duration::from_secs).ok_or(AuthorizationRequestError::MaxAge)
}

#[cfg(test)]
mod tests;
