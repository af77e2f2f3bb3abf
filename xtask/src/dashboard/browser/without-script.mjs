// What a developer does, in a browser that runs no script: every form of an app works, and every page is complete.

import { check, expect, surroundings } from './checks.mjs';
import { isAlive, requestToken } from './tokens.mjs';
import { home, leave, visit } from './visits.mjs';

const { apps } = surroundings;
/** It may ask about all tokens for the resource. */
const { meter } = apps;
const dev = await visit('developer', { javaScriptEnabled: false });
const { page } = dev;

await check('sign-in leads to the page that was asked for', () => dev.signInAt(`${home}/apps/new`));

const app = await check('what is wrong with a new app stands beside its field, and an app is made', async () => {
  await page.fill('#name', 'Invoices');
  await page.fill('#domain-1', 'https://Plain.Example.com/');
  await dev.go('#create-app-button', '#name-error');
  expect((await page.inputValue('#domain-1')).includes('lain'), 'what was typed is gone');
  await page.fill('#name', 'Plain');
  await dev.go('#create-app-button', '#client-secret');
  const path = await page.getAttribute('#put-away-link', 'href');
  return { path, clientId: await dev.text('#client-id'), secret: await dev.text('#client-secret') };
});

await check('buttons that need script are not shown', async () => {
  expect(!(await page.isVisible('#copy-client-secret-button')), 'there is one that copies');
});

const token = await check('the secret gets a token', async () => {
  const { access_token: token, error } = await requestToken(app.clientId, app.secret);
  expect(token, error);
  expect(await isAlive(token, meter.client_id, meter.client_secret), 'the token is dead');
  return token;
});

await check('times are in UTC', async () => {
  await dev.go('#put-away-link', '#explain');
  expect((await dev.text('#created-at')).includes('UTC'), await dev.text('#created-at'));
});

await check('a secret is rotated, and the older one is revoked', async () => {
  await dev.go('#tab-secrets', '#add-secret-form');
  await dev.go('#add-secret-button', '#secret');
  const younger = await dev.text('#secret');
  await dev.go('#put-away-link', '#no-room');
  await dev.go('#secrets tbody tr:last-child form[id^="revoke-"] button', '#notice');
  const works = await Promise.all([app.secret, younger].map(async (secret) => (await requestToken(app.clientId, secret)).status));
  expect(works.includes(200) && works.includes(401), `they answer ${works}`);
  app.secret = works[0] === 200 ? app.secret : younger;
});

await check('it is regenerated', async () => {
  await page.check('#old-secrets-stop');
  await dev.go('#regenerate-button', '#secret');
  app.secret = await dev.text('#secret');
  await dev.go('#put-away-link', '#regenerate-form');
});

await check('the app is disabled and enabled', async () => {
  await dev.open(app.path);
  await dev.go('#disable-button', '#enable-button');
  expect((await requestToken(app.clientId, app.secret)).status === 401, 'it gets a token');
  await dev.go('#enable-button', '#disable-button');
  expect((await requestToken(app.clientId, app.secret)).status === 200, 'it gets none');
  expect(!(await isAlive(token, meter.client_id, meter.client_secret)), 'a token of before is alive');
});

await check('settings are saved, and what is wrong stands beside its field', async () => {
  await dev.go('#tab-settings', '#settings-form');
  await page.fill('#name', '');
  await page.fill('#allowed-domain-2', '*.example.com');
  await page.$eval('#name', (name) => name.removeAttribute('required'));
  await dev.go('#save-button', '#name-error');
  await dev.has('#allowed-domain-2-error');
  await page.fill('#name', 'Plainer');
  await page.fill('#allowed-domain-2', 'HTTP://Second.Example.com/');
  await dev.go('#save-button', '#notice');
  expect((await dev.text('#app-name')) === 'Plainer', 'it has another name');
});

await check('storage is connected, checked and removed', async () => {
  await dev.go('#tab-storage', '#storage-form');
  await dev.fillInStorage();
  await dev.go('#save-storage-button', '#not-checked');
  await dev.go('#check-button', '#check-outcome');
  await dev.goUnticked('#remove-storage-button', '#settings-are-lost');
  await page.check('#settings-are-lost');
  await dev.go('#remove-storage-button', '#managed-storage');
});

await check('usage is complete: bars, tables, limits, and a link that loads it again', async () => {
  await dev.open(`${home}/apps/${apps.invoices.id}/usage`);
  for (const part of ['#limits meter', '#units rect.bar', '#units td.number', '#tokens figure.chart', '#refused td.number']) {
    expect(await dev.sees(part), `there is no ${part}`);
  }
  await page.click('#units summary >> nth=0');
  expect(await page.isVisible('#units td.number >> nth=0'), 'the table cannot be opened');
  expect(!(await page.isVisible('#live-button')), 'a button that needs script is shown');
  await dev.go('#reload-link', '#limits');
});

await check('an app is deleted after its name was typed', async () => {
  await dev.open(`${app.path}/delete`);
  await page.fill('#delete-form input[type="text"]', 'Plain');
  await dev.go('#delete-button', '.field-error');
  await page.fill('#delete-form input[type="text"]', 'Plainer');
  await dev.go('#delete-button', '#apps, #no-apps');
  expect((await requestToken(app.clientId, app.secret)).status === 401, 'it gets a token');
});

await leave();
