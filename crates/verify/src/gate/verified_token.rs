//! The token of a request that was admitted, as handlers receive it.

use std::ops::Deref;
use std::sync::Arc;

use crate::access_token::VerifiedAccessToken;

/// The token of an admitted request. Cheap to clone.
#[derive(Debug, Clone)]
pub struct VerifiedToken(pub(crate) Arc<VerifiedAccessToken>);

impl Deref for VerifiedToken {
    type Target = VerifiedAccessToken;

    fn deref(&self) -> &VerifiedAccessToken {
        &self.0
    }
}
