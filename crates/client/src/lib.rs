//! Access tokens for apps that call protected resources: gets them with the app's own credentials
//! (`client_credentials`, RFC 6749 §4.4), keeps them, and renews them before they expire.
//!
//! A [`TokenClient`](token_client::TokenClient) is made once, cloned freely and asked before every call of the
//! resource; most answers come from memory. However many callers wait, one request is under way.
//! Works in any tokio program whose runtime has I/O and time enabled. Uses none of the server's crates, reads no
//! wall clock, follows no redirect, and prints neither secret nor token.
//!
//! ```
//! use turnkeep_client::token_client::TokenClient;
//!
//! # async fn call(secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! let tokens = TokenClient::builder("https://id.example.com", "com.vendor/app", secret)
//!     .scope("orders.read")
//!     .resource("https://orders.example.com")
//!     .build()?;
//! let http = reqwest::Client::new();
//!
//! let token = tokens.token().await?;
//! let mut response = token.authorize(http.get("https://orders.example.com/orders")).send().await?;
//! // Killed before its time, perhaps. If there is another one, the call is worth repeating.
//! if response.status() == reqwest::StatusCode::UNAUTHORIZED && tokens.invalidate(&token) {
//!     let token = tokens.token().await?;
//!     response = token.authorize(http.get("https://orders.example.com/orders")).send().await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What happens when there is no token is in [`TokenError`](token_error::TokenError): it says why, whether
//! somebody has to change something first, and when the next request will be made. Until then the authority is
//! not asked again; nothing is retried behind a caller's back.
#![forbid(unsafe_code)]

pub mod access_token;
pub mod build_error;
pub mod builder;
pub mod token_client;
pub mod token_error;

mod authority;
mod backoff;
mod endpoint;
mod flight;
mod jitter;
mod request;
mod response;
mod retry_after;
mod sensitive;
mod state;
