//! People sign in, and change what they sign in with.

mod sign_in_verbs;

mod first_operator;
mod leaks;
mod links;
mod passkeys;
mod passwords;
mod second_factors;
mod sessions;
mod states;
mod throttling;
