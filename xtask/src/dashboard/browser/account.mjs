// The account page of somebody who uses the dashboard: passkeys, the authenticator app, tokens, consents, sessions.

import { once } from 'node:events';
import http from 'node:http';
import { AuthenticatorApp, addPasskeyDevice } from './authenticators.mjs';
import { authorization } from './authorization.mjs';
import { enterPassword, leaveBy } from './browser.mjs';
import { check, expect, surroundings } from './checks.mjs';
import { isAlive } from './tokens.mjs';
import { WAYS, home, leave, visit } from './visits.mjs';

const { apps, issuer } = surroundings;
const { meter, portal } = apps;
/** Where people come back to who signed in to the app: at any port of this machine (RFC 8252 §7.3). */
const site = http.createServer((_, response) => response.end('arrived')).listen(0, '127.0.0.1').unref();
await once(site, 'listening');
const arrival = `http://127.0.0.1:${site.address().port}/callback`;

for (const { way, first, options } of WAYS) {
  const role = first ? 'person' : 'second_person';
  const person = await visit(role, options);
  const { page } = person;

  await check(`${way}: the account is one step from the dashboard`, async () => {
    await person.signInAt('/dashboard');
    await person.go('#account-link', '#sessions');
    await person.go('#dashboard-link', '#no-tenants');
  });

  await check(`${way}: a token of one's own is made, shown once and revoked`, async () => {
    await person.open('/account');
    const offer = '#tokens details:has-text("Portal")';
    await page.click(`${offer} summary`);
    await page.fill(`${offer} input[name="name"]`, 'Laptop');
    await page.check(`${offer} input[type="checkbox"]`);
    await person.go(`${offer} button`, '#token');
    const token = await person.text('#token');
    expect(await isAlive(token, meter.client_id, meter.client_secret), 'it is not alive');
    await person.go('#account-link', '#tokens');
    expect(!(await page.content()).includes(token), 'it is shown again');
    await person.go('#tokens li:has-text("Laptop") form button', '#tokens');
    expect(!(await person.sees('#tokens li:has-text("Laptop")')), 'it is listed');
    expect(!(await isAlive(token, meter.client_id, meter.client_secret)), 'it is alive');
  });

  await check(`${way}: what an app may do is asked once, and taken back`, async () => {
    await page.goto(authorization(portal, arrival));
    await person.has('#consent-form');
    await leaveBy(page, '#allow');
    expect(page.url().startsWith(`${arrival}?`) && page.url().includes('code='), page.url());
    await page.goto(authorization(portal, arrival));
    expect(page.url().startsWith(arrival), `it is asked again at ${page.url()}`);
    await person.open('/account');
    await person.go('#consents li:has-text("Portal") form button', '#consents');
    expect(!(await person.sees('#consents li')), 'it may still');
    await page.goto(authorization(portal, arrival));
    await person.has('#consent-form');
  });

  await check(`${way}: an authenticator app is asked at the next sign-in, and is removed with the password`, async () => {
    await person.open('/account');
    await person.go('#start-totp', '#totp-secret');
    const authenticator = new AuthenticatorApp(await person.text('#totp-secret'));
    await page.fill('#code', '000000');
    await person.go('#totp-button', '#error-message');
    await page.fill('#code', authenticator.code());
    await person.go('#totp-button', '#recovery-codes');
    await person.go('#account-link', '#totp-state[data-state="on"]');
    await person.go('#sign-out-button', 'h1');
    await page.goto(`${issuer}/dashboard`);
    await enterPassword(page, person.account);
    await page.fill('#code', authenticator.code());
    await person.go('#second-factor-button', '#no-tenants');
    await person.open('/account');
    await page.click('#show-totp-removal');
    await page.fill('#totp-password', person.account.password);
    await person.go('#remove-totp', '#totp-state[data-state="off"]');
  });

  await check(`${way}: a passkey`, first ? () => usePasskey(person) : () => missPasskey(person));

  await check(`${way}: a session is ended elsewhere, and all others at once`, async () => {
    const others = [await visit(role, options), await visit(role, options)];
    await Promise.all(others.map((other) => other.signInAt('/dashboard')));
    await person.open('/account');
    await person.go('#sessions li:not(:has(#this-session)) form button', '#sessions');
    const left = await Promise.all(others.map((other) => isSignedIn(other)));
    expect(left.filter(Boolean).length === 1, `signed in still: ${left}`);
    await person.go('#end-others', '#sessions');
    for (const other of others) expect(!(await isSignedIn(other)), 'one is signed in');
    expect(await isSignedIn(person), 'this session is over');
  });

  await check(`${way}: attack 77: after signing out there is nothing to go back to`, async () => {
    await person.open('/account');
    await person.go('#sign-out-button', 'h1');
    await page.goBack();
    expect(!(await page.content()).includes(person.account.name), 'the page of before is shown');
    await person.has('#sign-in-form');
  });

  if (!first) await changePassword(person, way);
}

await check('who is a member comes back to the tenant from the account', async () => {
  const dev = await visit('developer');
  await dev.signInAt(home);
  await dev.go('#account-link', '#sessions');
  await dev.go('#dashboard-link', '#tenant-facts');
});

await leave();

/** Adds a passkey, signs in with it alone, and removes it. */
async function usePasskey(person) {
  const { page } = person;
  await addPasskeyDevice(page);
  await page.fill('#passkey-name', 'Laptop');
  await person.go('#add-passkey', '#passkey-added');
  await person.go('#account-link', '#passkeys li');
  await person.go('#sign-out-button', 'h1');
  await page.goto(`${issuer}/dashboard/search?q=in`);
  await leaveBy(page, '#use-passkey');
  expect(page.url() === `${issuer}/dashboard/search?q=in`, `signed in, but at ${page.url()}`);
  await person.open('/account');
  await person.go('#passkeys li form button', '#passkeys');
  expect(!(await person.sees('#passkeys li')), 'it is listed');
}

/** Is told that a passkey needs script. */
async function missPasskey(person) {
  expect(!(await person.page.isVisible('#passkey-form')), 'a form that needs script is shown');
  expect((await person.text('#passkeys')).includes('allow script'), await person.text('#passkeys'));
}

/** Changes the password by forms alone. */
async function changePassword(person, way) {
  const { page, account } = person;
  const former = account.password;
  const change = async (present, until) => {
    if (!(await page.isVisible('#current-password'))) await page.click('#password-section summary');
    await page.fill('#current-password', present);
    await page.fill('#new-password', account.password);
    await person.go('#change-password-button', until);
  };

  await check(`${way}: the password is changed by who knows it, and ends what was begun with the former one`, async () => {
    const other = await visit('second_person', { javaScriptEnabled: false });
    await Promise.all([person, other].map((visitor) => visitor.signInAt('/dashboard')));
    await person.open('/account');
    account.password = `lantern-${crypto.randomUUID()}`;
    await change('something else', '#change-password-form #error-message');
    expect(await isSignedIn(other), 'the other session is over before anything was changed');
    await change(former, '#sessions');
    expect(!(await person.sees('#change-password-form #error-message')), 'it is refused');
    expect(!(await isSignedIn(other)), 'the other session goes on');
    await person.go('#sign-out-button', 'h1');
    await page.goto(`${issuer}/dashboard`);
    await enterPassword(page, { ...account, password: former });
    await person.has('#sign-in-form #user-name[aria-invalid]');
    await enterPassword(page, account);
    await person.has('#no-tenants');
  });
}

async function isSignedIn(visitor) {
  await visitor.page.goto(`${issuer}/dashboard`);
  return !(await visitor.sees('#sign-in-form'));
}
