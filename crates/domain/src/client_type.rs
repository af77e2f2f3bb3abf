//! Whether an app can keep a secret (RFC 6749 §2.1, seed 002).

/// The client type of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientType {
    /// Has a secret: a backend service or server-side web application.
    Confidential,
    /// Cannot keep one: a browser, mobile or desktop application.
    Public,
}
