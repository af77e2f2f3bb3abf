// Somebody at a browser who runs errands for the client programs: opens a URL, signs in, consents and signs out as the
// pages ask, until the browser has arrived where the errand says.

import fs from 'node:fs';
import http from 'node:http';
import { enterPassword, leaveBy, openBrowser, openPage } from './browser.mjs';

const [program, name, passwordFile] = process.argv.slice(2);
const somebody = { name, password: fs.readFileSync(passwordFile, 'utf8').trim() };

/** What somebody does on a page, by the element that tells the page from others. */
const PAGES = {
  'sign-in-form': (page) => enterPassword(page, somebody),
  'consent-form': (page, errand) => leaveBy(page, errand.denies ? '#deny' : '#allow'),
  'sign-out-form': (page) => leaveBy(page, '#sign-out-button'),
  'error-code': async (page) => {
    throw new Error(`an error page: ${await page.innerText('#error-code')}`);
  },
};

const browser = await openBrowser(program);
/** Browsers that know nothing of each other, by their names. */
const profiles = new Map();

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const [status, answer] = await run(JSON.parse(body)).then(
    (done) => [200, done],
    (error) => [500, { error: String(error.message ?? error) }],
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));

/** `{browser, url, until, denies}`: until a URL that begins so. Answers `{url, seen, text}`. */
async function run(errand) {
  const { url, until } = errand;
  if (!profiles.has(errand.browser)) profiles.set(errand.browser, await browser.newContext());
  const { page, complaints } = await openPage(profiles.get(errand.browser));
  const seen = [];
  try {
    await page.goto(url);
    let known;
    while ((known = await nextPage(page, until)) !== undefined) {
      // The same page again means that it was not content.
      if (seen.includes(known)) throw new Error(`${known} once more`);
      seen.push(known);
      await PAGES[known](page, errand);
    }
    return { url: page.url(), seen, text: await page.innerText('body') };
  } catch (error) {
    const text = await page.innerText('body', { timeout: 1_000 }).catch(() => 'no page');
    const at = `at ${page.url()} after ${seen.join(', ') || 'no page'}, not at ${until}`;
    throw new Error(`${error.message}\n${at}\nthe page says: ${text}\n${complaints.join('\n')}`);
  } finally {
    await page.close();
  }
}

/** Waits for a page that wants something, or for the one to arrive at; pages in between may go on by themselves. */
async function nextPage(page, until) {
  const hasArrived = (url) => url.href.startsWith(until);
  const arrival = page.waitForURL(hasArrived);
  const known = page.locator(Object.keys(PAGES).map((id) => `#${id}`).join()).first();
  const form = known.waitFor();
  // Whichever is still waiting then ends with the page.
  await Promise.any([arrival, form]).catch(() => {
    throw new Error('nothing to do here');
  });
  // Or the end of this page's loading could be taken for that of the next one.
  await page.waitForLoadState();
  return hasArrived(new URL(page.url())) ? undefined : known.getAttribute('id');
}
