//! Crate openidconnect as a native application: a public client with PKCE and a loopback redirect on a port that no
//! registration knows.

use anyhow::{Context, ensure};
use oauth2::{
    AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, RefreshToken, RevocationUrl,
    Scope,
};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreRevocableToken, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, SubjectIdentifier, TokenResponse,
};

use crate::browser::errand;
use crate::check::check;
use crate::loopback::Loopback;
use crate::surroundings::Surroundings;
use crate::transport::{send, send_without_tls};

type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

pub(crate) fn run(surroundings: &Surroundings) -> anyhow::Result<()> {
    let issuer = IssuerUrl::new(surroundings.issuer.clone())?;
    let provider =
        check("openidconnect: discovery", || Ok(ProviderMetadataWithLogout::discover(&issuer, &send)?))?;
    let loopback = Loopback::open()?;
    let client = client(surroundings, &provider, &loopback)?;
    let (tokens, nonce) = check("openidconnect: sign-in and consent, code + PKCE", || {
        sign_in(surroundings, &client, &loopback)
    })?;
    let subject = check("openidconnect: ID token", || verify(&client, &tokens, &nonce))?;
    check("openidconnect: userinfo", || {
        let access_token = tokens.access_token().to_owned();
        let info: CoreUserInfoClaims =
            client.user_info(access_token, Some(subject.clone()))?.request(&send)?;
        let name = info.preferred_username().context("there is no name")?;
        ensure!(name.as_str() == surroundings.user, "it is of {}", name.as_str());
        Ok(())
    })?;
    let refreshed = check("openidconnect: refresh", || refresh(&client, &tokens))?;
    check("openidconnect: revocation", || revoke(&client, &refreshed))?;
    check("openidconnect: logout", || {
        let endpoint = provider.additional_metadata().end_session_endpoint.clone();
        let target = &surroundings.apps.native.signed_out_uri;
        let (loopback, state) = (Loopback::open_for(target)?, CsrfToken::new_random());
        let request = LogoutRequest::from(endpoint.context("the server has none")?)
            .set_id_token_hint(tokens.id_token().context("there is no ID token")?)
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(target.clone())?)
            .set_state(state.clone());
        errand(&surroundings.person, &request.http_get_url(), target)?;
        ensure!(loopback.next("/signed-out")?.one("state")? == *state.secret(), "the state is another one");
        Ok(())
    })
}

fn client(
    surroundings: &Surroundings,
    provider: &ProviderMetadataWithLogout,
    loopback: &Loopback,
) -> anyhow::Result<Client> {
    let revocation = format!("{}/connect/revoke", surroundings.issuer).replacen("http://", "https://", 1);
    let id = ClientId::new(surroundings.apps.native.client_id.clone());
    Ok(CoreClient::from_provider_metadata(provider.clone(), id, None)
        .set_redirect_uri(RedirectUrl::new(loopback.url("/callback"))?)
        .set_revocation_url(RevocationUrl::new(revocation)?))
}

fn sign_in(
    surroundings: &Surroundings,
    client: &Client,
    loopback: &Loopback,
) -> anyhow::Result<(CoreTokenResponse, Nonce)> {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = ["profile", "email", "offline_access", &surroundings.scope];
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    errand(&surroundings.person, &url, &loopback.url("/callback"))?;
    let answer = loopback.next("/callback")?;
    ensure!(answer.one("state")? == *state.secret(), "the state is another one");
    ensure!(answer.one("iss")? == surroundings.issuer, "the answer is of another issuer");
    let code = AuthorizationCode::new(answer.one("code")?);
    let tokens = client.exchange_code(code)?.set_pkce_verifier(verifier).request(&send)?;
    Ok((tokens, nonce))
}

/// Signature, issuer, audience, expiry, nonce, and that the access token belongs to it.
fn verify(client: &Client, tokens: &CoreTokenResponse, nonce: &Nonce) -> anyhow::Result<SubjectIdentifier> {
    let id_token = tokens.id_token().context("there is no ID token")?;
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, nonce)?;
    if let Some(expected) = claims.access_token_hash() {
        let (algorithm, key) = (id_token.signing_alg()?, id_token.signing_key(&verifier)?);
        let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)?;
        ensure!(hash == *expected, "the access token belongs to another ID token");
    }
    Ok(claims.subject().clone())
}

fn refresh(client: &Client, tokens: &CoreTokenResponse) -> anyhow::Result<RefreshToken> {
    let first = tokens.refresh_token().context("there is no refresh token")?;
    let refreshed = client.exchange_refresh_token(first)?.request(&send)?;
    let second = refreshed.refresh_token().context("there is no new refresh token")?;
    ensure!(second.secret() != first.secret(), "the refresh token is the same");
    Ok(second.clone())
}

fn revoke(client: &Client, token: &RefreshToken) -> anyhow::Result<()> {
    let revocable = CoreRevocableToken::from(token.clone());
    client.revoke_token(revocable)?.request(&send_without_tls)?;
    let late = client.exchange_refresh_token(token)?.request(&send);
    ensure!(late.is_err(), "the refresh token is alive");
    Ok(())
}
