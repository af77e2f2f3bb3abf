// Other ways to use pages than with a mouse at a screen nearby: the keyboard alone, another time zone, paper.

import { check, expect, surroundings } from './checks.mjs';
import { requestToken } from './tokens.mjs';
import { home, leave, visit } from './visits.mjs';

const { apps } = surroundings;
const zone = { locale: 'en-GB', timezoneId: 'Asia/Tokyo' };
const dev = await visit('developer', { ...zone, permissions: ['clipboard-read', 'clipboard-write'] });
const { page } = dev;

await check('sign-in leads to the tenant', () => dev.signInAt(home));

await check('the first stop of the Tab key leads to the content', async () => {
  await page.keyboard.press('Tab');
  expect((await page.evaluate(() => document.activeElement.className)) === 'skip', 'the first stop is another one');
  await page.keyboard.press('Enter');
  expect((await page.evaluate(() => document.activeElement.id)) === 'main', 'the content is not reached');
});

await check('an app is made with the keyboard alone, and gets a token', async () => {
  await dev.open(home);
  await dev.tabTo('nav-apps');
  await dev.enter('#new-app-link');
  await dev.tabTo('new-app-link');
  await dev.enter('#new-app-form');
  await dev.tabTo('name');
  await page.keyboard.type('Typed');
  await dev.tabTo('domain-2');
  await page.keyboard.type('HTTPS://Typed.Example.com');
  await dev.tabTo('create-app-button');
  await dev.enter('#client-secret');
  const [id, secret] = [await dev.text('#client-id'), await dev.text('#client-secret')];
  expect((await requestToken(id, secret)).access_token, 'it gets none');
  await dev.tabTo('copy-client-secret-button');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#copy-client-secret-status').textContent !== '');
  expect((await page.evaluate(() => navigator.clipboard.readText())) === secret, 'something else was copied');
  await dev.tabTo('put-away-link');
  await dev.enter('#explain');
});

await check('the app is disabled and enabled with the keyboard alone', async () => {
  await dev.tabTo('disable-button');
  await dev.enter('#enable-button');
  await dev.tabTo('enable-button');
  await dev.enter('#disable-button');
});

await check('times are those of the reader, and in UTC when one points at them', async () => {
  const [at, shown, hint] = await page.$eval('#created-at time', (time) => [time.dateTime, time.textContent, time.title]);
  const own = new Intl.DateTimeFormat(zone.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone.timezoneId });
  expect(shown === own.format(new Date(at)), `it is ${at}, and it says ${shown}`);
  expect(hint.endsWith('UTC') && !shown.includes('UTC'), `it hints at ${hint}`);
});

await check('on paper there is what the page says, and no way around', async () => {
  await dev.open(`${home}/apps/${apps.invoices.id}/usage`);
  await page.emulateMedia({ media: 'print' });
  for (const id of ['navigation', 'search-form', 'sign-out-button', 'live-button']) {
    expect(!(await page.isVisible(`#${id}`)), `${id} is printed`);
  }
  expect((await page.isVisible('#app-name')) && (await page.isVisible('#limits')), 'the page is not printed');
});

await leave();
