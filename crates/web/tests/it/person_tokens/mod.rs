//! Tokens of people on the wire: codes and refresh tokens at the token endpoint, and what the tokens are good for.

mod estate;
mod flow;
mod forged_tokens;
mod refusals;
mod user_info;
