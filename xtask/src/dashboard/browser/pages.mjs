// Looks at every page: in light, in dark and on a phone; whether axe finds a barrier, how long its HTML is, and a
// picture of it. The pages that are shown once are made here, too.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { check, expect, surroundings } from './checks.mjs';
import { home, leave, visit } from './visits.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { screenshots, apps, resource } = surroundings;
/** WCAG 2.2 AA, and what axe advises besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const MOST_BYTES = 100 * 1024;
const WIDE = { width: 1280, height: 800 };
/** What can be different in other colours only. */
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const LOOKS = [
  { manner: 'light', colorScheme: 'light', viewport: WIDE, rules: TAGS },
  { manner: 'dark', colorScheme: 'dark', viewport: WIDE, rules: OF_COLOURS },
  { manner: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, rules: TAGS },
];

const invoices = `${home}/apps/${apps.invoices.id}`;
const orders = `${home}/apps/${apps.orders.id}`;
const archive = `${home}/apps/${apps.archive.id}`;

/** Somebody goes from page to page; what each step is called is the name of its pictures. */
async function walk(role, begin, steps) {
  const visitor = await visit(role, { viewport: WIDE });
  await visitor.signInAt(begin);
  const [sizes, problems] = [[], []];
  for (const [name, go] of steps) {
    try {
      await (typeof go === 'string' ? visitor.open(go) : go(visitor));
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
      continue;
    }
    sizes.push(Buffer.byteLength(await visitor.page.content()));
    if (sizes.at(-1) > MOST_BYTES) problems.push(`${name}: ${sizes.at(-1)} bytes`);
    problems.push(...(await look(visitor.page, name)));
  }
  return { sizes, problems };
}

/** Looks at the page in every manner, and leaves the pictures. What is wrong. */
async function look(page, name) {
  await page.evaluate(axe);
  const problems = [];
  for (const { manner, colorScheme, viewport, rules } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: path.join(screenshots, `${name}-${manner}.png`), fullPage: true });
    const { violations, overhang } = await page.evaluate(async (runOnly) => {
      const { violations } = await globalThis.axe.run({ runOnly, resultTypes: ['violations'] });
      return { violations, overhang: document.documentElement.scrollWidth - document.documentElement.clientWidth };
    }, rules);
    if (overhang > 0) problems.push(`${name}, ${manner}: ${overhang} pixels wider than the window`);
    if (manner === 'phone') problems.push(...(await wideTables(page)).map((label) => `${name}: the table ${label} is cut off`));
    for (const { id, nodes } of violations) {
      const shown = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`);
      problems.push(`${name}, ${manner}: ${id}: ${shown.join(' | ')}`);
    }
  }
  await page.setViewportSize(WIDE);
  return problems;
}

/** Tables of which a part is out of sight, until somebody moves them. */
function wideTables(page) {
  return page.$$eval('.table-frame', (frames) =>
    frames
      .filter((frame) => frame.clientWidth < frame.scrollWidth)
      .map((frame) => frame.ariaLabel ?? document.getElementById(frame.getAttribute('aria-labelledby'))?.textContent),
  );
}

/** A step that sends a form of the page. */
const send = (button, until) => (visitor) => visitor.go(button, until);

const ownersSteps = [
  ['tenant', home],
  ['apps', `${home}/apps`],
  ['apps-no-match', `${home}/apps?search=nothing-like-it`],
  ['new-app', `${home}/apps/new`],
  ['new-app-errors', async (visitor) => {
    await visitor.page.fill('#name', 'Invoices');
    await visitor.page.fill('#domain-1', '*.example.com');
    await visitor.go('#create-app-button', '.field-error');
  }],
  ['new-app-credentials', async (visitor) => {
    await visitor.open(`${home}/apps/new`);
    await visitor.page.fill('#name', 'Payroll');
    await visitor.page.fill('#domain-1', 'https://Payroll.example.com/');
    await visitor.go('#create-app-button', '#client-secret');
  }],
  ['app-new', send('#put-away-link', '#explain')],
  ['app', invoices],
  ['app-usage', `${invoices}/usage`],
  ['app-settings', `${invoices}/settings`],
  ['app-secrets', `${orders}/secrets`],
  ['app-secret-once', send('#add-secret-button', '#secret')],
  ['app-secrets-two', send('#put-away-link', '#no-room')],
  ['app-tokens', `${orders}/tokens`],
  ['app-token-once', async (visitor) => {
    await visitor.page.fill('#token-name', 'Nightly export');
    await visitor.page.check('#token-scope-1');
    await visitor.go('#make-token-button', '#secret');
  }],
  ['app-tokens-one', send('#put-away-link', '#tokens')],
  ['app-storage', `${orders}/storage`],
  ['app-storage-set', async (visitor) => {
    await visitor.fillInStorage();
    await visitor.go('#save-storage-button', '#check-button');
  }],
  ['app-storage-checked', send('#check-button', '#check-outcome')],
  ['app-audit', `${orders}/audit`],
  ['app-delete', `${orders}/delete`],
  ['app-disabled', async (visitor) => {
    await visitor.open(archive);
    await visitor.go('#disable-button', '#enable-button');
  }],
  ['tenant-usage', `${home}/usage`],
  ['members', `${home}/members`],
  ['invitation-once', async (visitor) => {
    await visitor.page.fill('#invite-user-name', 'hedy');
    await visitor.go('#invite-button', '#invitation-link');
  }],
  ['members-invited', `${home}/members`],
  ['search', '/dashboard/search?q=in'],
  ['account', '/account'],
];

const auditorsSteps = [
  ['audit', `${home}/audit`],
  ['audit-filtered', `${home}/audit?outcome=done&action=app.create`],
  ['audit-event', async (visitor) => {
    await visitor.open(`${home}/audit?action=app.disable`);
    await visitor.go('#audit-events tbody a', '#proof');
  }],
  ['app-as-auditor', invoices],
  ['forbidden', async (visitor) => visitor.page.goto(`${surroundings.issuer}${invoices}/delete`)],
];

/** Follows the first link of a table. */
const first = (list, table) => async (visitor) => {
  await visitor.open(list);
  await visitor.go(`#${table} tbody th a`, 'h1');
};

const guestsSteps = [['home-empty', '/dashboard']];

const operatorsSteps = [
  ['operator-home', '/dashboard'],
  ['tenants', '/dashboard/tenants'],
  ['tenant-new', '/dashboard/tenants/new'],
  ['tenant-edit', `${home}/edit`],
  ['tenant-close', `${home}/close`],
  ['people', '/dashboard/people?kind=internal'],
  ['person', first('/dashboard/people?kind=internal', 'people')],
  ['person-new', '/dashboard/people/new'],
  ['operators', '/dashboard/people/operators'],
  ['plans', '/dashboard/plans'],
  ['plan', first('/dashboard/plans', 'plans')],
  ['plan-retire', async (visitor) => visitor.open(`${visitor.path()}/retire`)],
  ['plan-new', '/dashboard/plans/new'],
  ['regions', '/dashboard/regions'],
  ['region', async (visitor) => visitor.go('section h2 a', '#region-code')],
  ['region-new', '/dashboard/regions/new'],
  ['resources', '/dashboard/resources'],
  ['resource', `/dashboard/resources/${resource}`],
  ['resource-new', '/dashboard/resources/new'],
  ['instances', '/dashboard/instances'],
  ['instance', first('/dashboard/instances', 'instances')],
  ['keys', '/dashboard/keys'],
  ['nodes', '/dashboard/node'],
  ['review', '/dashboard/review'],
  ['operator-audit', '/dashboard/audit'],
  ['app-as-operator', invoices],
];

// Two at a time: the server has something to do while a browser thinks.
const walks = await Promise.all([
  walk('owner', home, ownersSteps),
  walk('operator', '/dashboard', operatorsSteps),
]);
walks.push(await walk('auditor', home, auditorsSteps), await walk('guest', '/dashboard', guestsSteps));
const [sizes, problems] = [walks.flatMap((walk) => walk.sizes), walks.flatMap((walk) => walk.problems)];
const longest = Math.ceil(Math.max(...sizes) / 1024);
await check(`axe finds no barrier on ${sizes.length} pages, of which none has more than ${longest} KiB`, () =>
  expect(problems.length === 0, problems.join('\n')),
);
await leave();
