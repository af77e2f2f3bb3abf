// Pages of usage bring themselves up to date while somebody looks at them. The clock of the page is put forward, so that
// nobody waits for it.

import { check, expect, surroundings, until } from './checks.mjs';
import { requestToken } from './tokens.mjs';
import { home, leave, visit } from './visits.mjs';

const { apps, issuer } = surroundings;
/** As often as a page does it, and for how many rounds if nobody touches it. */
const [EVERY_MS, ROUNDS_ALONE] = [30_000, 20];
const path = `${home}/apps/${apps.invoices.id}/usage`;
const auditor = await visit('auditor');
const { page } = auditor;
let fetched = 0;
page.on('request', (request) => {
  if (request.resourceType() === 'fetch') fetched += 1;
});

/** Lets the time between two rounds pass, and waits until the page has what it asked for. */
async function nextRound() {
  const answered = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
  await page.clock.fastForward(EVERY_MS);
  const response = await answered;
  await response.finished();
  return response.status();
}

/** The same where it has nothing to ask for. */
async function idleRound() {
  const before = fetched;
  await page.clock.fastForward(EVERY_MS);
  await page.evaluate(() => undefined);
  expect(fetched === before, 'it asks');
}

/** How many tokens the server says that the app got in the hours shown. */
async function servedTokens() {
  const html = await (await page.request.get(issuer + path)).text();
  return /Tokens issued per hour <span class="hint">(.*?) in all/.exec(html)?.[1];
}

/** Gets a token, and what the server says then. */
async function oneMoreToken(before) {
  expect((await requestToken(apps.invoices.client_id, apps.invoices.client_secret)).access_token, 'there is no token');
  return until(async () => {
    const served = await servedTokens();
    return served !== before && served;
  }, 'the server has not written it down');
}

const shownTokens = () => page.evaluate(() => document.querySelector('#tokens figcaption .hint').textContent.split(' in all')[0]);

await check('the page of usage says that it brings itself up to date', async () => {
  await page.clock.install();
  await auditor.signInAt(path);
  expect(await page.isVisible('#live-button'), 'it does not');
});

await check('a token that is issued meanwhile shows on it, and nobody has loaded it again', async () => {
  const before = await shownTokens();
  await page.click('#tokens summary');
  await page.click('h1');
  await page.evaluate(() => {
    document.activeElement.blur();
    globalThis.isTheSamePage = true;
  });
  const after = await oneMoreToken(before);
  expect((await nextRound()) === 200, 'it did not get its page');
  await until(async () => (await shownTokens()) === after, `it shows ${await shownTokens()} and not ${after}`);
  expect(await page.evaluate(() => globalThis.isTheSamePage), 'the page was loaded again');
  expect(await page.evaluate(() => document.querySelector('#tokens details').open), 'the table that was open is closed');
});

await check('what somebody reads at the moment stays as it is, and what has not changed', async () => {
  await page.evaluate(() => {
    for (const part of document.querySelectorAll('[data-live]')) part.dataset.before = '';
  });
  const stays = (part) => page.evaluate((id) => 'before' in document.getElementById(id).dataset, part);
  await page.focus('#tokens summary');
  const after = await oneMoreToken(await shownTokens());
  await nextRound();
  expect(await stays('tokens'), 'it is another one');
  await page.evaluate(() => document.activeElement.blur());
  await nextRound();
  await until(async () => (await shownTokens()) === after, `it does not show ${after} later`);
  expect(!(await stays('tokens')) && (await stays('limits')), 'what has not changed is another one');
});

await check('it stops and goes on as it is told', async () => {
  const label = await auditor.text('#live-button');
  await page.click('#live-button');
  expect((await auditor.text('#live-button')) !== label, 'the button says the same');
  await idleRound();
  await page.click('#live-button');
  expect((await nextRound()) === 200, 'it does not go on');
});

await check('a page that nobody touches rests, and wakes at a touch', async () => {
  await page.keyboard.press('Shift');
  for (let round = 0; round < ROUNDS_ALONE; round += 1) await nextRound();
  await idleRound();
  await page.keyboard.press('Shift');
  await nextRound();
});

await check('who is signed out keeps what is shown, and the page asks no more', async () => {
  await page.context().clearCookies();
  expect((await nextRound()) === 303, 'it is not sent away');
  await until(async () => !(await page.isVisible('#live-button')), 'it goes on');
  await idleRound();
  expect(await auditor.sees('#tokens figure.chart, #tokens svg'), 'what was shown is gone');
});

await leave();
