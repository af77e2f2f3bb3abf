//! Why an app can or cannot get a token: every check with its state.

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::management::texts;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckStateName {
    /// Nothing stands against a token here.
    Passed,
    /// This alone would deny a token.
    Denied,
    /// It could not be judged.
    NotChecked,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CheckResponse {
    /// What is checked.
    pub check: String,
    /// How it ended.
    pub state: CheckStateName,
    /// The stable code of the denial, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The denial in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Since when what is checked is as it is, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub since: Option<String>,
    /// What to do about a denial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// Whether an app gets tokens for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PeopleResponse {
    /// Whether somebody who may sign in to the app gets a token there.
    pub token_possible: bool,
    /// The stable code of the first thing that stands against it, if something does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// `GET /apps/{id}/explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ExplanationResponse {
    /// Whether a right secret would get a token, without a person.
    pub token_possible: bool,
    /// How many secrets authenticate the app at the moment; without one there is no token either.
    pub live_secrets: usize,
    /// Whether there are tokens for people.
    pub for_people: PeopleResponse,
    /// Every check, in its order.
    pub checks: Vec<CheckResponse>,
}
