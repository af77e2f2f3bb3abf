//! The report about apps that ask for tokens (seed 000 §1: cache and reuse access tokens).

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::management::texts;

/// How an app goes about tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenPatternName {
    /// It keeps a token until it is close to expiry: at most 10 tokens for each lifetime of a token.
    Reuses,
    /// It asks for more tokens than it needs.
    RenewsOften,
    /// It seems to ask for a token for every call: more than 60 tokens for each lifetime of a token.
    TokenPerCall,
}

/// What an app has asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AppTokenRequestsResponse {
    /// The app.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub app_id: String,
    /// Its tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// Its OAuth client id.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ClientIdText"))]
    pub client_id: String,
    /// Its name.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Tokens that it got.
    pub issued: u64,
    /// Requests that were turned away by its quota, by a limit or for lack of room.
    pub refused: u64,
    /// Requests that its quota would have refused if it were enforced.
    pub would_refuse: u64,
    /// Tokens for each lifetime of a token, in the hour in which it got the most.
    pub tokens_per_lifetime: f64,
    /// What that looks like.
    pub pattern: TokenPatternName,
}

/// `GET /token-requests`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenRequestsResponse {
    /// When the first hour of the report began.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub since: String,
    /// The apps that asked for the most tokens for each lifetime of a token come first.
    pub apps: Vec<AppTokenRequestsResponse>,
}
