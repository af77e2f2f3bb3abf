// npm openid-client as a server-side web application (confidential, client_secret_basic).

import * as client from 'openid-client';
import { check, expect, surroundings } from './checks.mjs';
import { errand, expectRefusal, receive } from './errands.mjs';

const BROWSER = 'openid-client';
const { issuer, scope } = surroundings;
const app = surroundings.apps.web;
const received = await receive(app.redirect_uri);
const callback = new URL(app.redirect_uri).pathname;

const config = await check('discovery', () =>
  client.discovery(new URL(issuer), app.client_id, undefined, client.ClientSecretBasic(app.client_secret), {
    // Signatures of ID tokens are looked at, although they came from the token endpoint itself.
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  }),
);
await check('the metadata tells of PKCE', () => expect(config.serverMetadata().supportsPKCE('S256'), 'it does not'));

/** An authorization request, and what has to be known of it when its answer comes. */
async function begin(parameters = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: app.redirect_uri,
    scope: `openid profile email offline_access ${scope}`,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

async function signIn(parameters) {
  const { url, checks } = await begin(parameters);
  const { url: arrived, seen } = await errand(BROWSER, url, app.redirect_uri);
  return { tokens: await client.authorizationCodeGrant(config, new URL(arrived), checks), seen };
}

const { tokens } = await check('sign-in and consent, code + PKCE, ID token', async () => {
  const { tokens, seen } = await signIn();
  expect(seen.join() === 'sign-in-form,consent-form', `the pages were ${seen}`);
  expect(tokens.refresh_token, 'there is no refresh token');
  return { tokens };
});
const { sub } = tokens.claims();

await check('once more, without any page', async () => {
  const { seen, tokens: more } = await signIn({ prompt: 'none', max_age: '3600' });
  expect(seen.length === 0 && more.claims().sub === sub, 'not so');
  expect(more.claims().auth_time, 'max_age was asked for, and there is no auth_time');
});

await check('response_mode=form_post', async () => {
  const { url, checks } = await begin({ response_mode: 'form_post' });
  await errand(BROWSER, url, app.redirect_uri);
  const { method, body } = received.last(callback);
  expect(method === 'POST', `it was a ${method}`);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = new Request(app.redirect_uri, { method, body, headers });
  const { sub: same } = (await client.authorizationCodeGrant(config, request, checks)).claims();
  expect(same === sub, 'somebody else');
});

await check('without PKCE: an error for the application', async () => {
  const url = client.buildAuthorizationUrl(config, { redirect_uri: app.redirect_uri, scope: 'openid', state: 's' });
  const arrived = new URL((await errand(BROWSER, url, app.redirect_uri)).url);
  expect(arrived.searchParams.get('error') === 'invalid_request', `it is ${arrived.searchParams}`);
});

await check('a denial reaches the application', async () => {
  const { url, checks } = await begin({ prompt: 'consent' });
  const { url: arrived } = await errand(BROWSER, url, app.redirect_uri, { denies: true });
  await expectRefusal(() => client.authorizationCodeGrant(config, new URL(arrived), checks), 'access_denied');
});

await check('userinfo', async () => {
  const info = await client.fetchUserInfo(config, tokens.access_token, sub);
  expect(info.preferred_username === surroundings.user, `it is ${JSON.stringify(info)}`);
});

await check('introspection', async () => {
  const found = await client.tokenIntrospection(config, tokens.access_token);
  expect(found.active && found.sub === sub && found.client_id === app.client_id, JSON.stringify(found));
});

const refreshed = await check('refresh', async () => {
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
  expect(refreshed.refresh_token !== tokens.refresh_token, 'the refresh token is the same');
  expect(refreshed.claims() === undefined || refreshed.claims().sub === sub, 'somebody else');
  return refreshed;
});

await check('revocation', async () => {
  await client.tokenRevocation(config, refreshed.refresh_token, { token_type_hint: 'refresh_token' });
  await expectRefusal(() => client.refreshTokenGrant(config, refreshed.refresh_token), 'invalid_grant');
  const found = await client.tokenIntrospection(config, refreshed.access_token);
  expect(!found.active, 'its access token is alive');
});

await check('logout', async () => {
  const state = client.randomState();
  const url = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: app.signed_out_uri,
    state,
  });
  const arrived = new URL((await errand(BROWSER, url, app.signed_out_uri)).url);
  expect(arrived.searchParams.get('state') === state, 'the state is lost');
});

await check('nobody is signed in any more', async () => {
  const { url, checks } = await begin({ prompt: 'none' });
  const { url: arrived } = await errand(BROWSER, url, app.redirect_uri);
  await expectRefusal(() => client.authorizationCodeGrant(config, new URL(arrived), checks), 'login_required');
});

// A browser may keep connections to this program open.
process.exit();
