//! Pages of people, as a browser meets them.

pub(crate) mod browser;
pub(crate) mod pages;
pub(crate) mod persons;

mod consents;
mod forgery;
mod leaks;
mod links;
mod overview;
mod passkeys;
mod second_factor;
mod sign_in;
mod tokens;
mod under_load;
