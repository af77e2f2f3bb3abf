//! Tokens of people on the wire: codes and refresh tokens at the token endpoint, and what the tokens are good for.

mod estate;
mod flow;
mod forged_tokens;
mod management_api;
mod other_origins;
mod refusals;
mod user_info;
