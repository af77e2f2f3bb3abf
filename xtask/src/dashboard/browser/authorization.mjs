// Where apps send people to sign in, and to be asked what the app may do.

import crypto from 'node:crypto';
import { surroundings } from './checks.mjs';

/** The address, each time with another challenge. `more` are further parameters. */
export function authorization(app, arrival, more = {}) {
  const verifier = crypto.randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.client_id,
    redirect_uri: arrival,
    scope: 'openid read',
    state: 's',
    code_challenge: crypto.createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return `${surroundings.issuer}/connect/authorize?${query}`;
}
