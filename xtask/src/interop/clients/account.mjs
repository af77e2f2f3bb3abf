// Chromium as the client of the pages themselves: an authenticator app, recovery codes, a passkey, and pages without
// script. The person is another one than that of the errands, whose sign-in stays simple.

import fs from 'node:fs';
import { AuthenticatorApp, addPasskeyDevice } from './authenticators.mjs';
import { enterPassword, leaveBy, openBrowser, openPage } from './browser.mjs';
import { check, expect, surroundings } from './checks.mjs';

const { issuer, chromium, account } = surroundings;
const somebody = { name: account.user, password: fs.readFileSync(account.password_file, 'utf8').trim() };
const home = `${issuer}/account`;
const browser = await openBrowser(chromium);
const { page, complaints } = await openPage(await browser.newContext());

await check('sign-in without script', async () => {
  const { page: plain } = await openPage(await browser.newContext({ javaScriptEnabled: false }));
  await plain.goto(home);
  await enterPassword(plain, somebody);
  expect((await plain.innerText('#user-name')) === somebody.name, 'it is the page of somebody else');
  await leaveBy(plain, '#sign-out-button');
  await plain.goto(home);
  await plain.waitForSelector('#sign-in-form');
});

await check('a wrong password is refused', async () => {
  await page.goto(home);
  await enterPassword(page, { ...somebody, password: `${somebody.password}x` });
  await page.waitForSelector('#error-message');
});

const authenticator = await check('an authenticator app is set up', async () => {
  await enterPassword(page, somebody);
  await leaveBy(page, '#start-totp');
  const authenticator = new AuthenticatorApp(await page.innerText('#totp-secret'));
  await page.fill('#code', authenticator.code());
  await leaveBy(page, '#totp-button');
  return authenticator;
});

const codes = await check('recovery codes are shown once', async () => {
  if (!(await page.locator('#recovery-codes').count())) {
    await page.goto(home);
    await page.click('#new-recovery-codes summary');
    await page.check('#old-codes-stop');
    await leaveBy(page, '#make-recovery-codes');
  }
  const codes = await page.locator('#recovery-codes code').allInnerTexts();
  expect(codes.length > 1, 'there are none');
  await leaveBy(page, '#account-link');
  expect((await page.getAttribute('#totp-state', 'data-state')) === 'on', 'the authenticator app is off');
  return codes;
});

await check('sign-in with password and code', async () => {
  await signOut();
  await enterPassword(page, somebody);
  await page.fill('#code', authenticator.code());
  await leaveBy(page, '#second-factor-button');
  await page.waitForSelector('#display-name');
});

await check('sign-in with password and recovery code', async () => {
  await signOut();
  await enterPassword(page, somebody);
  if (!(await page.isVisible('#recovery-code'))) await page.click('summary');
  await page.fill('#recovery-code', codes[0]);
  await leaveBy(page, '#recovery-button');
  expect(Number(await page.getAttribute('#recovery-codes-left', 'data-left')) === codes.length - 1, 'none is used up');
});

await check('a passkey is added', async () => {
  await addPasskeyDevice(page);
  await page.fill('#passkey-name', 'Laptop');
  await leaveBy(page, '#add-passkey');
  await page.waitForSelector('#passkey-added');
});

await check('sign-in with the passkey alone', async () => {
  await page.goto(home);
  await signOut();
  await leaveBy(page, '#use-passkey');
  expect((await page.innerText('#user-name')) === somebody.name, 'it is the page of somebody else');
});

await check('no page has broken its own content security policy', () => {
  const broken = complaints.filter((text) => text.includes('Content Security Policy'));
  expect(broken.length === 0, broken.join('; '));
});

await browser.close();

/** Ends at the sign-in page. */
async function signOut() {
  await leaveBy(page, '#sign-out-button');
  await page.goto(home);
  await page.waitForSelector('#sign-in-form');
}
