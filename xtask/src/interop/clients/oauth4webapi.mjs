// npm oauth4webapi: a single-page application in the browser (public), whose files this program serves, and the
// service part of a hybrid application (confidential, client_secret_post).

import fs from 'node:fs';
import * as oauth from 'oauth4webapi';
import { check, expect, surroundings } from './checks.mjs';
import { errand, receive } from './errands.mjs';

const { issuer, scope, user } = surroundings;
const { spa, hybrid } = surroundings.apps;
const insecure = { [oauth.allowInsecureRequests]: true };

await check('a single-page application in the browser', async () => {
  const origin = new URL(spa.redirect_uri).origin;
  const said = await serve(spa, origin);
  await errand('oauth4webapi', `${origin}/`, `${origin}/done`);
  const last = said.at(-1);
  expect(last === 'ok logout', `the last that it said was: ${last}`);
});

/** Serves the application's files. Returns what it says. */
async function serve(app, origin) {
  const said = [];
  const file = (name) => fs.readFileSync(new URL(name, import.meta.url));
  const library = fs.readFileSync(new URL(import.meta.resolve('oauth4webapi')));
  const settings = JSON.stringify({ issuer, scope, user, app });
  const files = {
    '/spa.mjs': ['text/javascript', file('spa.mjs')],
    '/oauth4webapi.js': ['text/javascript', library],
    '/settings': ['application/json', settings],
    '/done': ['text/plain', 'done'],
  };
  await receive(origin, (request, response, body) => {
    if (request.method === 'POST') {
      said.push(body);
      console.log(body);
    }
    const path = new URL(request.url, origin).pathname;
    const [type, content] = files[path] ?? ['text/html', file('spa.html')];
    response.writeHead(200, { 'content-type': type }).end(content);
  });
  return said;
}

const client = { client_id: hybrid.client_id };
const secret = oauth.ClientSecretPost(hybrid.client_secret);
const address = new URL(issuer);
const server = await check('discovery by RFC 8414', async () => {
  const options = { ...insecure, algorithm: 'oauth2' };
  return oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, options));
});

const token = await check('client credentials of a hybrid application', async () => {
  const response = await oauth.clientCredentialsGrantRequest(server, client, secret, { scope }, insecure);
  const granted = await oauth.processClientCredentialsResponse(server, client, response);
  expect(granted.refresh_token === undefined, 'there is a refresh token');
  return granted.access_token;
});

async function introspect() {
  const response = await oauth.introspectionRequest(server, client, secret, token, insecure);
  return oauth.processIntrospectionResponse(server, client, response);
}

await check('introspection and revocation', async () => {
  expect((await introspect()).active, 'a new token is inactive');
  const response = await oauth.revocationRequest(server, client, secret, token, insecure);
  await oauth.processRevocationResponse(response);
  expect(!(await introspect()).active, 'a revoked token is active');
});

// A browser may keep connections to this program open.
process.exit();
