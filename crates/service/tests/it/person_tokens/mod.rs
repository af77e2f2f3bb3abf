//! Tokens of people: redeemed, refreshed, revoked, looked at.

mod admission;
mod given_back;
mod hints;
mod kills;
mod logout;
mod people;
mod races;
mod redeem_code;
mod refresh_tokens;
mod user_info;
