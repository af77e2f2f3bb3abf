//! Crate oauth2 as a native application that wants to know nothing of OpenID Connect: a public client with PKCE.

use anyhow::{Context, ensure};
use oauth2::basic::{BasicClient, BasicErrorResponseType};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, TokenResponse, TokenUrl,
};

use crate::browser::errand;
use crate::check::check;
use crate::loopback::Loopback;
use crate::surroundings::Surroundings;
use crate::transport::send;

pub(crate) fn run(surroundings: &Surroundings) -> anyhow::Result<()> {
    let loopback = Loopback::open()?;
    let issuer = &surroundings.issuer;
    let client = BasicClient::new(ClientId::new(surroundings.apps.native.client_id.clone()))
        .set_auth_uri(AuthUrl::new(format!("{issuer}/connect/authorize"))?)
        .set_token_uri(TokenUrl::new(format!("{issuer}/connect/token"))?)
        .set_redirect_uri(RedirectUrl::new(loopback.url("/callback"))?);
    let ask = || -> anyhow::Result<(AuthorizationCode, PkceCodeVerifier)> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new(surroundings.scope.clone()))
            .set_pkce_challenge(challenge)
            .url();
        errand(&surroundings.person, &url, &loopback.url("/callback"))?;
        let answer = loopback.next("/callback")?;
        ensure!(answer.one("state")? == *state.secret(), "the state is another one");
        Ok((AuthorizationCode::new(answer.one("code")?), verifier))
    };

    check("oauth2: code + PKCE without OpenID Connect", || {
        let (code, verifier) = ask()?;
        let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request(&send)?;
        let scopes = tokens.scopes().context("the scope is not told")?;
        ensure!(scopes.iter().any(|scope| **scope == surroundings.scope), "they are {scopes:?}");
        Ok(())
    })?;
    check("oauth2: another verifier is refused", || {
        let (code, _) = ask()?;
        let (_, other) = PkceCodeChallenge::new_random_sha256();
        let refusal = client.exchange_code(code).set_pkce_verifier(other).request(&send).err();
        let is_refused = matches!(&refusal, Some(RequestTokenError::ServerResponse(response))
            if *response.error() == BasicErrorResponseType::InvalidGrant);
        ensure!(is_refused, "it is answered {refusal:?}");
        Ok(())
    })
}
