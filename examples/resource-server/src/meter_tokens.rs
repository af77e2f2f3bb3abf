//! The tokens with which usage is reported: those of this resource server's own app.

use std::sync::{Mutex, PoisonError};

use turnkeep_client::access_token::AccessToken;
use turnkeep_client::token_client::TokenClient;
use turnkeep_verify::meter::token_source::{BearerToken, TokenFuture, TokenSource};

/// Gets tokens with the app's credentials, and another one when one is refused.
pub(crate) struct MeterTokens {
    tokens: TokenClient,
    last: Mutex<Option<AccessToken>>,
}

impl MeterTokens {
    pub(crate) fn new(issuer: &str, client_id: &str, client_secret: String) -> anyhow::Result<Self> {
        let tokens =
            TokenClient::builder(issuer, client_id, client_secret).scope("turnkeep.meter").build()?;
        Ok(Self { tokens, last: Mutex::default() })
    }

    fn replace_last(&self, token: Option<AccessToken>) -> Option<AccessToken> {
        std::mem::replace(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner), token)
    }
}

impl TokenSource for MeterTokens {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let token = self.tokens.token().await?;
            let bearer = BearerToken::parse(token.expose()).ok_or("not a token")?;
            self.replace_last(Some(token));
            Ok(bearer)
        })
    }

    fn refused(&self) {
        if let Some(token) = self.replace_last(None) {
            self.tokens.invalidate(&token);
        }
    }
}
