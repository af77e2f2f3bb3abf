//! Crate oauth2 as a service (confidential, client_secret_basic): client credentials, introspection, revocation.

use anyhow::{Context, ensure};
use oauth2::basic::BasicClient;
use oauth2::{
    ClientId, ClientSecret, IntrospectionUrl, RevocationUrl, Scope, StandardRevocableToken,
    TokenIntrospectionResponse, TokenResponse, TokenUrl,
};

use crate::check::check;
use crate::surroundings::Surroundings;
use crate::transport::{send, send_without_tls};

pub(crate) fn run(surroundings: &Surroundings) -> anyhow::Result<()> {
    let (app, issuer) = (&surroundings.apps.service, &surroundings.issuer);
    let secret = app.client_secret.clone().context("the service has no secret")?;
    let revocation = format!("{issuer}/connect/revoke").replacen("http://", "https://", 1);
    let client = BasicClient::new(ClientId::new(app.client_id.clone()))
        .set_client_secret(ClientSecret::new(secret))
        .set_token_uri(TokenUrl::new(format!("{issuer}/connect/token"))?)
        .set_introspection_url(IntrospectionUrl::new(format!("{issuer}/connect/introspect"))?)
        .set_revocation_url(RevocationUrl::new(revocation)?);
    let token = check("oauth2: client credentials", || {
        let scope = Scope::new(surroundings.scope.clone());
        let granted = client.exchange_client_credentials().add_scope(scope).request(&send)?;
        ensure!(granted.refresh_token().is_none(), "there is a refresh token");
        Ok(granted.access_token().clone())
    })?;
    let is_active = || -> anyhow::Result<bool> { Ok(client.introspect(&token).request(&send)?.active()) };
    check("oauth2: introspection and revocation", || {
        ensure!(is_active()?, "a new token is inactive");
        let revocable = StandardRevocableToken::from(token.clone());
        client.revoke_token(revocable)?.request(&send_without_tls)?;
        ensure!(!is_active()?, "a revoked token is active");
        Ok(())
    })
}
