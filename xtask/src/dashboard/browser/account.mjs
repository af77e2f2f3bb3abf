// The account page of somebody who uses the dashboard: passkeys, the authenticator app, tokens, consents, sessions.

import { once } from 'node:events';
import http from 'node:http';
import { AuthenticatorApp, addPasskeyDevice } from './authenticators.mjs';
import { authorization } from './authorization.mjs';
import { enterPassword, leaveBy } from './browser.mjs';
import { check, expect, surroundings, until } from './checks.mjs';
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
    await page.click('#new-recovery-codes summary');
    await page.check('#old-codes-stop');
    await person.go('#make-recovery-codes', '#recovery-codes');
    await person.go('#account-link', '#totp-state[data-state="on"]');
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

await keepSession(await visit('developer'));

await leave();

/** Takes long over a form. The clock of the page is put forward, that of the server is not. */
async function keepSession(dev) {
  const { page } = dev;
  const [MINUTE, IDLE, BETWEEN_ASKS, WARNED] = [60_000, 30 * 60_000, 5 * 60_000, 2 * 60_000];
  let asked = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/account/session') asked += 1;
  });
  const warning = async () => (await dev.text('#session-status')) !== '';
  const focused = () => page.evaluate(() => document.activeElement.id);
  const nearlyOver = async () => {
    await page.clock.fastForward(IDLE - WARNED);
    await until(() => page.isVisible('#stay-button'), 'nothing is said');
  };

  await check('who types is signed in for longer, and asks for it now and then only', async () => {
    await page.clock.install();
    await dev.signInAt(`${home}/apps/new`);
    expect(!(await warning()) && !(await page.isVisible('#stay-button')), 'something is said from the beginning');
    await page.fill('#name', 'S');
    await dev.hasChecked('name');
    expect(asked === 0, 'it asks at once');
    await page.clock.fastForward(BETWEEN_ASKS);
    await Promise.all([page.waitForResponse('**/account/session'), page.fill('#name', 'Sl')]);
    await page.fill('#name', 'Slow');
    await dev.hasChecked('name');
    expect(asked === 1, `it has asked ${asked} times`);
    await page.clock.fastForward(IDLE - BETWEEN_ASKS - MINUTE);
    expect(!(await warning()), 'it warns although somebody has typed');
  });

  await check('before the session ends it is said, and one step with the keyboard goes on with it', async () => {
    await page.clock.fastForward(BETWEEN_ASKS);
    await until(() => page.isVisible('#stay-button'), 'nothing is said');
    expect(await warning(), 'there is a button without words');
    expect(await page.isVisible('#session-notice >> text=about to end'), await dev.text('#session-notice'));
    await page.focus('#name');
    await page.focus('#stay-button');
    await page.keyboard.press('Enter');
    await until(async () => !(await page.isVisible('#stay-button')), 'the notice stays');
    expect(!(await warning()), 'words are left');
    expect((await focused()) === 'name', `the focus is at ${await focused()}`);
  });

  await check('who comes back to a session that is over loses nothing: they sign in in another tab, and send the form', async () => {
    await page.fill('#domain-1', 'https://slow.example.com/');
    await dev.hasChecked('domain-1');
    await page.context().clearCookies();
    await nearlyOver();
    await page.click('#stay-button');
    await until(() => page.isVisible('#sign-in-elsewhere-link'), 'there is no way to sign in');
    expect((await dev.text('#session-status')).startsWith('Your session has ended'), await dev.text('#session-status'));
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.click('#sign-in-elsewhere-link')]);
    await tab.waitForLoadState();
    await enterPassword(tab, dev.account);
    await tab.close();
    // Without a screen every tab is in sight all the time.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await until(async () => !(await warning()), 'it does not notice');
    expect((await page.inputValue('#name')) === 'Slow', 'what was typed is gone');
    await dev.go('#create-app-button', '#client-secret');
  });
}

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
  await page.click('#passkey-1 summary');
  await person.goUnticked('#remove-passkey-1', '#passkey-is-lost-1');
  await page.check('#passkey-is-lost-1');
  await person.go('#remove-passkey-1', '#notice');
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
