//! Tokens that act as people: codes and refresh tokens are redeemed for them, and they tell who somebody is.

pub mod grant_denial;
pub mod id_token_hint;
pub mod redeem_code;
pub mod refresh_tokens;
pub mod revoke_grants;
pub mod user_info;

pub(crate) mod exchange;
pub(crate) mod issue_for_person;
pub(crate) mod loaded_grant;
pub(crate) mod presented_refresh_token;
