// A single-page application (public) on npm oauth4webapi, inside of a browser: everything it asks of the server goes
// across origins. What it finds is told to the program that serves it.

import * as oauth from '/oauth4webapi.js';

const { issuer, scope, user, app } = await (await fetch('/settings')).json();
const insecure = { [oauth.allowInsecureRequests]: true };
const client = { client_id: app.client_id };
const none = oauth.None();
const kept = (name) => sessionStorage.getItem(name);

const pages = { '/': begin, '/callback': finish, '/signed-out': end };
await pages[location.pathname]?.();

async function check(name, act) {
  const tell = (line) => fetch('/said', { method: 'POST', body: line });
  try {
    const done = await act();
    await tell(`ok ${name}`);
    return done;
  } catch (error) {
    await tell(`FAILED ${name}: ${error.message} ${JSON.stringify(error.cause) ?? ''}`);
    location.assign('/done');
    return new Promise(() => {});
  }
}

function expect(condition, words) {
  if (!condition) throw new Error(words);
}

async function discover() {
  const address = new URL(issuer);
  return oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, insecure));
}

async function begin() {
  const server = await check('discovery across origins', discover);
  const made = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  for (const [name, value] of Object.entries(made)) sessionStorage.setItem(name, value);
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: app.client_id,
    redirect_uri: app.redirect_uri,
    response_type: 'code',
    scope: `openid profile offline_access ${scope}`,
    code_challenge: await oauth.calculatePKCECodeChallenge(made.verifier),
    code_challenge_method: 'S256',
    state: made.state,
    nonce: made.nonce,
  });
  location.assign(url);
}

async function finish() {
  const server = await discover();
  const tokens = await check('sign-in and consent, code + PKCE, ID token', async () => {
    const answer = oauth.validateAuthResponse(server, client, new URL(location.href), kept('state'));
    const response = await oauth.authorizationCodeGrantRequest(
      server, client, none, answer, app.redirect_uri, kept('verifier'), insecure,
    );
    const checks = { expectedNonce: kept('nonce'), requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks);
    await oauth.validateApplicationLevelSignature(server, response, insecure);
    return tokens;
  });
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  await check('userinfo', async () => {
    const response = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
    const info = await oauth.processUserInfoResponse(server, client, sub, response);
    expect(info.preferred_username === user, JSON.stringify(info));
  });
  const refreshed = await check('refresh, with a new refresh token', async () => {
    const response = await oauth.refreshTokenGrantRequest(server, client, none, tokens.refresh_token, insecure);
    const refreshed = await oauth.processRefreshTokenResponse(server, client, response);
    expect(refreshed.refresh_token !== tokens.refresh_token, 'it is the same');
    return refreshed;
  });
  await check('revocation', async () => {
    const revoked = await oauth.revocationRequest(server, client, none, refreshed.refresh_token, insecure);
    await oauth.processRevocationResponse(revoked);
    const late = await oauth.refreshTokenGrantRequest(server, client, none, refreshed.refresh_token, insecure);
    const refusal = await oauth.processRefreshTokenResponse(server, client, late).catch((error) => error);
    expect(refusal.error === 'invalid_grant', 'the refresh token is alive');
  });
  const url = new URL(server.end_session_endpoint);
  const leave = { id_token_hint: tokens.id_token, post_logout_redirect_uri: app.signed_out_uri, state: kept('state') };
  url.search = new URLSearchParams(leave);
  location.assign(url);
}

async function end() {
  await check('logout', () => {
    expect(new URLSearchParams(location.search).get('state') === kept('state'), 'the state is lost');
  });
  location.assign('/done');
}
