// A developer of a tenant makes an app, gets a token with the command that is shown, and looks after the app.

import { execFileSync } from 'node:child_process';
import { leaveBy } from './browser.mjs';
import { check, expect, surroundings, until } from './checks.mjs';
import { isAlive, requestToken } from './tokens.mjs';
import { STORAGE, home, leave, visit } from './visits.mjs';

const { apps } = surroundings;
/** It may ask about all tokens for the resource. */
const { meter } = apps;
const dev = await visit('developer', { permissions: ['clipboard-read', 'clipboard-write'] });
const { page } = dev;

await check('sign-in leads back to the page that was asked for', () => dev.signInAt(`${home}/apps/new`));

await check('a region without a place for apps cannot be chosen, and says why', async () => {
  const closed = page.locator('#region input[value="us-east"]');
  expect(await closed.isDisabled(), 'it can be chosen');
  const hint = await page.innerText(`#${await closed.getAttribute('aria-describedby')}`);
  expect(hint.length > 10, `it says ${hint}`);
});

await check('a name is checked while it is typed', async () => {
  await page.fill('#name', 'Invoices');
  await dev.has('#name-status.field-error:not(:empty)');
  await page.fill('#name', 'Shipping');
  await page.waitForFunction(() => document.querySelector('#name-status').textContent === 'This name is free.');
});

await check('a domain is shown as it will be stored', async () => {
  await page.fill('#domain-1', 'https://Shop.Example.com/');
  await page.waitForFunction(() => document.querySelector('#domain-1-status').textContent.endsWith('shop.example.com'));
});

const shop = await check('an app is made in five steps, and its credentials are shown', async () => {
  await page.fill('#login-redirect-uris', 'https://shop.example.com/callback');
  await dev.go('#create-app-button', '#client-secret');
  const id = (await page.getAttribute('#put-away-link', 'href')).split('/').at(-1);
  return { id, clientId: await dev.text('#client-id'), secret: await dev.text('#client-secret') };
});

await check('the command that is shown gets a token', async () => {
  const said = execFileSync('sh', ['-c', await dev.text('#sample-curl')], { stdio: ['ignore', 'pipe', 'ignore'] });
  expect(JSON.parse(said).access_token, `it says ${said}`);
});

await check('leaving without the secret asks first', async () => {
  await dev.leavingAsks('#nav-apps');
  expect((await dev.text('#client-secret')) === shop.secret, 'the page is gone');
});

await check('with the secret copied, it does not', async () => {
  await page.click('#copy-client-secret-button');
  await page.waitForFunction(() => document.querySelector('#copy-client-secret-status').textContent !== '');
  expect((await page.evaluate(() => navigator.clipboard.readText())) === shop.secret, 'something else was copied');
  // A dialog that nobody waits for would be dismissed, and the page would stay.
  await dev.go('#put-away-link', '#explain');
});

const app = `${home}/apps/${shop.id}`;

await check('the page of the app says that it can get a token', async () => {
  expect((await dev.text('#explain')).length > 20 && (await dev.sees('#explain .done')), 'it does not');
});

await check('settings are saved, and what is wrong stands beside its field', async () => {
  await dev.open(`${app}/settings`);
  await page.fill('#allowed-domain-2', '*.example.com');
  await dev.go('#save-button', '#allowed-domain-2-error');
  await page.fill('#allowed-domain-2', 'https://admin.example.com/');
  await page.fill('#name', 'Shop');
  await dev.go('#save-button', '#notice');
  expect((await dev.text('#app-name')) === 'Shop', 'it has another name');
  await dev.open(`${app}/settings`);
  expect((await page.inputValue('#allowed-domain-2')) === 'admin.example.com', 'the domain is not stored');
});

await check('the secret is told by its end, with its age and its last use', async () => {
  await dev.open(`${app}/secrets`);
  const row = await dev.text('#secrets tbody tr');
  expect(row.includes(`…${shop.secret.slice(-4)}`) && /\bold\b/.test(row), `it says ${row}`);
  expect(!(await page.content()).includes(shop.secret), 'the secret is shown again');
  await until(async () => {
    await dev.open(`${app}/secrets`);
    return !(await dev.text('#secrets tbody tr td:nth-child(4)')).includes('never');
  }, 'its last use is not shown');
});

await check('a secret is rotated without a gap', async () => {
  await page.selectOption('#overlap', '3600');
  await dev.go('#add-secret-button', '#secret');
  const younger = await dev.text('#secret');
  await dev.leavingAsks('#nav-apps');
  for (const secret of [shop.secret, younger]) {
    expect((await requestToken(shop.clientId, secret)).access_token, 'one of the two does not work');
  }
});

await check('a regenerated secret ends the others, and their tokens', async () => {
  const token = await newToken();
  await dev.go('#put-away-link', '#regenerate-form');
  await page.check('#old-secrets-stop');
  await dev.go('#regenerate-button', '#secret');
  const old = shop.secret;
  shop.secret = await dev.text('#secret');
  expect((await requestToken(shop.clientId, old)).status === 401, 'the old secret works');
  expect(await isAlive(await newToken(), meter.client_id, meter.client_secret), 'a new token is dead');
  expect(!(await isAlive(token, meter.client_id, meter.client_secret)), 'a token of before is alive');
});

await check('a disabled app gets no token, and those that it has are dead', async () => {
  const token = await newToken();
  await dev.go('#put-away-link', '#regenerate-form');
  await dev.open(app);
  expect(await isAlive(token, meter.client_id, meter.client_secret), 'the token is dead before');
  await dev.go('#disable-button', '#enable-button');
  expect(/node/.test(await dev.text('#notice')), `it says ${await dev.text('#notice')}`);
  expect((await requestToken(shop.clientId, shop.secret)).status === 401, 'it gets a token');
  expect(!(await isAlive(token, meter.client_id, meter.client_secret)), 'the token is alive');
  expect(await dev.sees('#explain .problem'), 'the page does not say why');
});

await check('an enabled app gets one again', async () => {
  await dev.go('#enable-button', '#disable-button');
  await newToken();
});

await check('storage is connected and its connection checked', async () => {
  await dev.open(`${app}/storage`);
  await dev.fillInStorage();
  await dev.go('#save-storage-button', '#not-checked');
  expect(!(await page.content()).includes(STORAGE['secret-key']), 'the page shows the secret key');
  await dev.go('#check-button', '#check-outcome');
  expect(await dev.sees('#check-outcome.problem'), 'what cannot be reached works');
  await page.check('#settings-are-lost');
  await dev.go('#remove-storage-button', '#managed-storage');
});

await check('what was done to the app is told in its audit', async () => {
  await dev.open(`${app}/audit`);
  const told = await page.locator('main').innerText();
  for (const word of ['isabled', 'ecret', 'torage']) expect(told.includes(word), `nothing of ${word} in ${told}`);
});

await check('the plan of an app is told with its limits', async () => {
  await dev.open(`${home}/apps/${apps.invoices.id}`);
  expect((await dev.text('#plan-name')).includes('Team'), 'it is another one');
  expect((await dev.text('#plan-limits')).includes('500'), 'its limit is missing');
  expect(!(await dev.sees('#plan-form')), 'a developer is offered to change it');
});

await check('search finds what is in the tenant, and nobody and nothing else', async () => {
  for (const [words, isFound] of [['invo', true], ['Acme', true], ['oskar', false], ['nothing-like-it', false]]) {
    await page.fill('#search', words);
    await leaveBy(page, '#search-button');
    expect((await dev.sees('main .entries')) === isFound, `${words}: ${await dev.text('main')}`);
  }
});

await check('usage is drawn, and stands in tables beside', async () => {
  await dev.open(`${home}/apps/${apps.invoices.id}/usage`);
  const [bars, cells] = [page.locator('figure.chart svg rect.bar'), page.locator('figure.chart td.number')];
  expect((await bars.count()) > 10 && (await cells.count()) > 10, 'there is too little');
  expect(await dev.sees('meter'), 'no limit is shown');
});

await check('an app is deleted after its name was typed', async () => {
  await dev.open(`${app}/delete`);
  await page.fill('#delete-form input[type="text"]', 'Shopp');
  await dev.go('#delete-button', '.field-error');
  await page.fill('#delete-form input[type="text"]', 'Shop');
  await leaveBy(page, '#delete-button');
  expect((await requestToken(shop.clientId, shop.secret)).status === 401, 'it gets a token');
});

await leave();

async function newToken() {
  const { access_token: token, error } = await requestToken(shop.clientId, shop.secret);
  expect(token, `no token: ${error}`);
  return token;
}
