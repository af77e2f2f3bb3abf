// Usage for the charts: three days of Document Units, tokens, and requests that were refused.

import { check, expect, surroundings } from './checks.mjs';
import { requestToken } from './tokens.mjs';

const { issuer, apps } = surroundings;
const HOUR_MS = 3_600_000;
const HOURS = 72;

await check('three days of usage are reported', async () => {
  const { client_id: meter, client_secret: secret } = apps.meter;
  const { access_token: token } = await requestToken(meter, secret);
  const now = Date.now();
  const events = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const occurred_at = new Date(now - hour * HOUR_MS).toISOString();
    events.push({ id: `i${hour}`, app_id: apps.invoices.id, units: 40 + ((hour * 37) % 360) + (hour === 5 ? 300 : 0), occurred_at });
    if (hour % 3 === 0) events.push({ id: `a${hour}`, app_id: apps.archive.id, units: 1 + (hour % 7), occurred_at });
  }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${issuer}/api/v1/usage`, { method: 'POST', headers, body: JSON.stringify({ events }) });
  const { counted } = await response.json();
  expect(counted === events.length, `${counted} of ${events.length} events were counted`);
  for (const secret of [apps.invoices.client_secret, 'wrong', apps.invoices.client_secret, 'wrong too']) {
    await requestToken(apps.invoices.client_id, secret);
  }
});
