// Tokens, as programs of the tenant get them and others look at them.

import { surroundings } from './checks.mjs';

const { issuer } = surroundings;

/** What the token endpoint answers to these credentials: `{status, ...body}`. */
export async function requestToken(clientId, secret) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret });
  const response = await fetch(`${issuer}/connect/token`, { method: 'POST', body });
  return { status: response.status, ...(await response.json()) };
}

/** Whether a token is one, asked with the credentials of the app. */
export async function isAlive(token, clientId, secret) {
  const headers = { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
  const response = await fetch(`${issuer}/connect/introspect`, { method: 'POST', headers, body: new URLSearchParams({ token }) });
  return response.ok && (await response.json()).active;
}
