// What every part does: somebody in a browser of their own, on the pages of the dashboard.

import fs from 'node:fs';
import { enterPassword, leaveBy, openBrowser, openPage } from './browser.mjs';
import { check, expect, surroundings } from './checks.mjs';

const { issuer, chromium, people, tenant } = surroundings;
/** The pages of the tenant. */
export const home = `/dashboard/tenants/${tenant}`;

/** Both ways to use pages, by which some parts go twice. `first` tells which one it is. */
export const WAYS = [
  { way: 'with script', first: true, options: {} },
  { way: 'without script', first: false, options: { javaScriptEnabled: false } },
];

/** A bucket of the tenant's own that nobody reaches: what is typed, by field. */
export const STORAGE = {
  bucket: 'acme-documents',
  endpoint: 'https://storage.invalid:9000',
  'access-key': 'AKIAIOSFODNN7EXAMPLE',
  'secret-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** More than the Tab key stops at on any page. */
const MOST_STOPS = 120;

/** The browser of this program. */
export const browser = await openBrowser(chromium);
const visits = [];

/** Somebody with a browser that knows nobody yet. `options` are those of Playwright's contexts. */
export async function visit(role, options = {}) {
  const { user, password_file: file } = people[role];
  return visitBy({ name: user, password: fs.readFileSync(file, 'utf8').trim() }, options);
}

/** The same with an account that there may not be yet. */
export async function visitBy(account, options = {}) {
  const { page, complaints } = await openPage(await browser.newContext(options));
  const visitor = new Visitor(account, page, complaints);
  visits.push(visitor);
  return visitor;
}

/** What has to hold of all visits when a part is over. Ends the program. */
export async function leave() {
  await check('attack 75: nothing is kept in the browser that a script could read', async () => {
    for (const visitor of visits) {
      const kept = await visitor.kept();
      expect(kept.length === 0, `${visitor.account.name}: ${kept}`);
    }
  });
  await check('nothing was fetched from elsewhere', () => {
    const foreign = visits.flatMap(({ foreign }) => foreign);
    expect(foreign.length === 0, foreign.join('; '));
  });
  await check('no page has broken its own content security policy, and no script has failed', () => {
    const broken = visits.flatMap(({ complaints }) => complaints).filter((text) => !text.startsWith('Failed to load resource'));
    expect(broken.length === 0, broken.join('; '));
  });
  await browser.close();
}

class Visitor {
  constructor(account, page, complaints) {
    Object.assign(this, { account, page, complaints, foreign: [] });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      const url = new URL(request.url());
      // Where somebody goes is their own choice.
      const isOurs = url.origin === issuer || url.protocol === 'data:' || request.isNavigationRequest();
      if (!isOurs) this.foreign.push(`${request.resourceType()} ${url}`);
    });
  }

  /** What pages have left for scripts in the browser. */
  async kept() {
    if (!this.page.url().startsWith(issuer)) return [];
    return this.page.evaluate(async () => [
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()).map(({ name }) => name),
      ...(await caches.keys()),
      ...document.cookie.split(';').filter(Boolean),
    ]);
  }

  /** Asks for a page, is asked to sign in, and is at the page then. */
  async signInAt(path) {
    await this.page.goto(issuer + path);
    await enterPassword(this.page, this.account);
    expect(this.page.url() === issuer + path, `signed in, but at ${this.page.url()} and not at ${path}`);
  }

  /** Opens a page that has to be there. */
  async open(path) {
    const response = await this.page.goto(issuer + path);
    expect(response.status() === 200, `${path} answered ${response.status()}`);
    return response;
  }

  /** Opens a page that says why there is no other. */
  async refused(url) {
    const response = await this.page.goto(url);
    expect(response.status() >= 400, `${url} answered ${response.status()}`);
  }

  /** The path of the page. */
  path() {
    return new URL(this.page.url()).pathname;
  }

  /** Sends a form, or follows a link, that leads to a page with this element. */
  async go(button, until) {
    await leaveBy(this.page, button);
    await this.has(until);
  }

  /** Waits until the page has said what it thinks of these fields, which moves what is below them. */
  async hasChecked(...fields) {
    for (const field of fields) await this.has(`#${field}-status:not(:empty)`);
  }

  /** Fills in the form for a bucket of the tenant's own. */
  async fillInStorage() {
    await this.page.check('#provider input[value="minio"]');
    for (const [field, text] of Object.entries(STORAGE)) await this.page.fill(`#${field}`, text);
  }

  /** Goes on with the Tab key until this element has the focus, which has to be seen at every stop. */
  async tabTo(id) {
    const passed = [];
    while (passed.at(-1) !== id) {
      await this.page.keyboard.press('Tab');
      const stop = await this.page.evaluate(() => {
        const { id, tagName, textContent } = document.activeElement;
        const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
        return { name: id || `${tagName} ${textContent.trim().slice(0, 20)}`, isSeen: outlineStyle !== 'none' || boxShadow !== 'none' };
      });
      expect(stop.isSeen, `nobody sees that ${stop.name} has the focus`);
      passed.push(stop.name);
      expect(passed.length < MOST_STOPS, `${id} is not reached: ${passed.join(', ')}`);
    }
  }

  /** Sends a form whose box is not ticked, which the server has to notice, too: browsers insist on the tick by themselves. */
  async goUnticked(button, box) {
    await this.page.$eval(box, (tick) => tick.removeAttribute('required'));
    await this.go(button, `${box}-error`);
    expect(await this.page.isVisible(`${box}-error`), 'the error is folded up');
  }

  /** Presses Enter where the focus is, which leads to a page with this element. */
  async enter(until) {
    await Promise.all([this.page.waitForEvent('load'), this.page.keyboard.press('Enter')]);
    await this.has(until);
  }

  /** What has to ask before the page is left, and stays. */
  async leavingAsks(link) {
    const asked = this.page.waitForEvent('dialog');
    const clicked = this.page.click(link, { noWaitAfter: true });
    const dialog = await asked;
    expect(dialog.type() === 'beforeunload', `a dialog of the kind ${dialog.type()}`);
    await dialog.dismiss();
    await clicked;
  }

  /** Waits for an element of the page. */
  async has(selector) {
    try {
      await this.page.waitForSelector(selector, { state: 'attached' });
    } catch {
      const said = await this.page.innerText('main, body').catch(() => 'no page');
      throw new Error(`no ${selector} at ${this.path()}, where it says: ${said.slice(0, 600)}`);
    }
  }

  /** The text of an element. */
  async text(selector) {
    await this.has(selector);
    return (await this.page.innerText(selector)).trim();
  }

  /** Whether there is an element. */
  async sees(selector) {
    return (await this.page.locator(selector).count()) > 0;
  }
}
