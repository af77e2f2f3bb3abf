//! The pages that people see, from signing in to their account and the dashboard: views, nothing else.
//!
//! Plain structs in, HTML out. No decision is taken here, nothing is stored, and nothing is known about
//! requests: addresses, tokens against forged forms and lists come from the caller. Pages work without
//! script, carry neither inline script nor inline style, and load nothing from elsewhere.
//!
//! # Examples
//!
//! ```
//! use turnkeep_console::error_page::{ErrorPage, PageError};
//! use turnkeep_console::frame::{Frame, Theme};
//! use turnkeep_console::render::Render;
//! use turnkeep_domain::accent::Accent;
//!
//! let theme = Theme { name: "Harbour".to_owned(), accent: Accent::Teal };
//! let frame = Frame { theme: &theme, assets: "/account/assets/" };
//! let page = ErrorPage { frame, error: PageError::UnknownClient, request_id: "01J<2", way_on: None };
//!
//! let html = page.render()?;
//! assert!(html.contains("unknown_client"));
//! assert!(!html.contains("01J<2"));
//! # Ok::<(), turnkeep_console::render::RenderError>(())
//! ```
#![forbid(unsafe_code)]

pub mod assets;
pub mod form;
pub mod frame;
pub mod render;
pub(crate) mod shown_errors;

pub mod consent;
pub mod form_post;
pub mod second_factor;
pub mod sign_in;
pub mod sign_out_confirm;
pub mod signed_out;

pub mod invitation;

pub mod forgotten;
pub mod forgotten_sent;
pub mod link_used;
pub mod password_problem;
pub mod set_password;

pub mod account;
pub mod passkey_added;
pub mod recovery_codes_once;
pub mod token_once;
pub mod totp_setup;

pub mod error_page;

pub mod dashboard;
pub mod parts;
