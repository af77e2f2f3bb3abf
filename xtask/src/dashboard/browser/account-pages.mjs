// The pages of signing in and of one's account, as steps of a walk by somebody who uses them for the first time.

import { AuthenticatorApp, addPasskeyDevice } from './authenticators.mjs';
import { authorization } from './authorization.mjs';
import { enterPassword } from './browser.mjs';
import { surroundings } from './checks.mjs';

const { apps, issuer } = surroundings;
const { portal } = apps;
/** Nobody is there: the pages before it are what is looked at. */
const ARRIVAL = 'http://127.0.0.1/callback';

let authenticator;

/** Up to where an app gets its answer. */
export const signInSteps = [
  ['sign-in', '/account/sign-in'],
  ['sign-in-refused', async (visitor) => {
    await visitor.page.fill('#user-name', visitor.account.name);
    await visitor.page.fill('#password', 'something else');
    await visitor.go('#sign-in-button', '#error-message');
  }],
  ['forgotten', '/account/forgotten'],
  ['forgotten-sent', async (visitor) => {
    await visitor.page.fill('#email', 'nobody@example.com');
    await visitor.go('#reset-button', '#reset-sent');
  }],
  ['link-spent', (visitor) => visitor.refused(`${issuer}/account/link?token=spent`)],
  ['authorization-refused', (visitor) => visitor.refused(authorization({ client_id: 'nobody' }, ARRIVAL))],
  ['sign-in-to-app', async (visitor) => {
    await visitor.page.goto(authorization(portal, ARRIVAL, { response_mode: 'form_post' }));
    await visitor.has('#sign-in-form');
  }],
  ['consent', async (visitor) => {
    await enterPassword(visitor.page, visitor.account);
    await visitor.has('#consent-form');
  }],
  ['form-post', async (visitor) => {
    // Its script sends it on, before anybody has looked.
    await visitor.page.route('**/assets/submit*', (route) => route.abort());
    await visitor.go('#allow', '#form-post');
  }],
];

/** From the invitation to signing in with everything that there is. */
export const accountSteps = (invitation) => [
  ['invitation', async (visitor) => {
    await visitor.page.goto(invitation());
    await visitor.has('#accept-button');
  }],
  ['token-once', async (visitor) => {
    await visitor.open('/account');
    await visitor.page.click('details:has(#new-token-form-1) summary');
    await visitor.page.fill('#token-name-1', 'Laptop');
    await visitor.page.check('#token-scope-1-1');
    await visitor.go('#new-token-form-1 button[type="submit"]', '#token');
  }],
  ['totp-setup', async (visitor) => {
    await visitor.open('/account');
    await visitor.go('#start-totp', '#totp-secret');
    authenticator = new AuthenticatorApp(await visitor.text('#totp-secret'));
  }],
  ['totp-setup-refused', async (visitor) => {
    await visitor.page.fill('#code', '000000');
    await visitor.go('#totp-button', '#error-message');
  }],
  ['recovery-codes-once', async (visitor) => {
    await visitor.page.fill('#code', authenticator.code());
    await visitor.go('#totp-button', '#recovery-codes');
  }],
  ['passkey-added', async (visitor) => {
    await visitor.open('/account');
    await addPasskeyDevice(visitor.page);
    await visitor.page.fill('#passkey-name', 'Laptop');
    await visitor.go('#add-passkey', '#passkey-added');
  }],
  ['account-full', '/account'],
  ['account-passkey-not-ticked', async (visitor) => {
    await visitor.page.click('#passkey-1 summary');
    await visitor.goUnticked('#remove-passkey-1', '#passkey-is-lost-1');
  }],
  ['account-codes-not-ticked', async (visitor) => {
    await visitor.open('/account');
    await visitor.page.click('#new-recovery-codes summary');
    await visitor.goUnticked('#make-recovery-codes', '#old-codes-stop');
  }],
  ['account-refused', async (visitor) => {
    await visitor.page.click('#password-section summary');
    await visitor.page.fill('#current-password', 'something else');
    await visitor.page.fill('#new-password', 'another-lantern-for-nora');
    await visitor.go('#change-password-button', '#change-password-form #error-message');
  }],
  ['sign-out', '/account/sign-out'],
  ['signed-out', (visitor) => visitor.go('#sign-out-button', '#signed-out')],
  ['second-factor', async (visitor) => {
    await visitor.page.goto(`${issuer}/account`);
    await enterPassword(visitor.page, visitor.account);
    await visitor.has('#second-factor-form');
  }],
  ['second-factor-refused', async (visitor) => {
    await visitor.page.fill('#code', '000000');
    await visitor.go('#second-factor-button', '#error-message');
  }],
];
