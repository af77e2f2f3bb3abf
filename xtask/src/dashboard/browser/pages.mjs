// Looks at every page as looks.mjs does, and at how long its HTML is. The pages that are shown once are made here, too.

import { accountSteps, signInSteps } from './account-pages.mjs';
import { check, expect, surroundings } from './checks.mjs';
import { WIDE, look } from './looks.mjs';
import { missing } from './page-templates.mjs';
import { home, leave, visit } from './visits.mjs';

const { apps, issuer, people, resource } = surroundings;
const MOST_BYTES = 100 * 1024;

const invoices = `${home}/apps/${apps.invoices.id}`;
const orders = `${home}/apps/${apps.orders.id}`;
const archive = `${home}/apps/${apps.archive.id}`;

/** Somebody goes from page to page; what each step is called is the name of its pictures. Who begins nowhere does so
 * without being signed in. */
async function walk(role, begin, steps) {
  const visitor = await visit(role, { viewport: WIDE });
  if (begin) await visitor.signInAt(begin);
  const [sizes, titles, problems] = [[], [], []];
  for (const [name, go] of steps) {
    try {
      await (typeof go === 'string' ? visitor.open(go) : go(visitor));
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
      continue;
    }
    sizes.push(Buffer.byteLength(await visitor.page.content()));
    titles.push(await visitor.page.title());
    if (sizes.at(-1) > MOST_BYTES) problems.push(`${name}: ${sizes.at(-1)} bytes`);
    problems.push(...(await look(visitor.page, name)));
  }
  return { sizes, titles, problems };
}

/** A step that sends a form of the page. */
const send = (button, until) => (visitor) => visitor.go(button, until);

/** Follows the first link of a table. */
const first = (list, table) => async (visitor) => {
  await visitor.open(list);
  await visitor.go(`#${table} tbody th a`, 'h1');
};

/** Opens the link that the page shows. */
const follow = (link, until) => async (visitor) => {
  await visitor.page.goto(await visitor.text(link));
  await visitor.has(until);
};

/** The link for the newcomer, as soon as there is one. */
let invitation;

const ownersSteps = [
  ['tenant', home],
  ['apps', `${home}/apps`],
  ['apps-no-match', `${home}/apps?search=nothing-like-it`],
  ['new-app', `${home}/apps/new`],
  ['new-app-errors', async (visitor) => {
    await visitor.page.fill('#name', 'Invoices');
    await visitor.page.fill('#domain-1', '*.example.com');
    await visitor.hasChecked('name', 'domain-1');
    await visitor.go('#create-app-button', '.field-error');
  }],
  ['new-app-credentials', async (visitor) => {
    await visitor.open(`${home}/apps/new`);
    await visitor.page.fill('#name', 'Payroll');
    await visitor.page.fill('#domain-1', 'https://Payroll.example.com/');
    await visitor.hasChecked('name', 'domain-1');
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
  ['app-storage-not-ticked', async (visitor) => {
    await visitor.goUnticked('#remove-storage-button', '#settings-are-lost');
  }],
  ['app-audit', `${orders}/audit`],
  ['app-delete', `${orders}/delete`],
  ['app-disabled', async (visitor) => {
    await visitor.open(archive);
    await visitor.go('#disable-button', '#enable-button');
  }],
  ['tenant-usage', `${home}/usage`],
  ['members', `${home}/members`],
  ['invitation-once', async (visitor) => {
    await visitor.page.fill('#invite-user-name', people.newcomer.user);
    await visitor.go('#invite-button', '#invitation-link');
    invitation = await visitor.text('#invitation-link');
  }],
  ['invitation-of-others', (visitor) => visitor.refused(invitation)],
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
  ['forbidden', (visitor) => visitor.refused(`${issuer}${invoices}/delete`)],
  ['not-found', (visitor) => visitor.refused(`${issuer}/dashboard/nothing`)],
];

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
  ['welcome-link', async (visitor) => {
    await visitor.page.fill('#name', 'wanda');
    await visitor.page.fill('#display-name', 'Wanda Welcome');
    await visitor.go('#make-person-button', '#welcome-form');
    await visitor.go('#welcome-button', '#welcome-link');
  }],
  ['set-password', follow('#welcome-link', '#set-password-form')],
  ['set-password-refused', async (visitor) => {
    await visitor.page.fill('#new-password', 'short');
    await visitor.go('#set-password-button', '#error-message');
  }],
  ['operators', '/dashboard/people/operators'],
  ['plans', '/dashboard/plans'],
  ['plan', first('/dashboard/plans', 'plans')],
  ['plan-retire', async (visitor) => {
    await first('/dashboard/plans?search=Starter', 'plans')(visitor);
    await visitor.go('#retire-link', '#affected-apps');
  }],
  ['plan-retire-foreseen', async (visitor) => {
    await visitor.page.selectOption('#foresee-form select', { label: 'Team (team)' });
    await visitor.go('#foresee-button', '#affected-apps');
  }],
  ['plan-new', '/dashboard/plans/new'],
  ['regions', '/dashboard/regions'],
  ['region', async (visitor) => visitor.go('section h2 a', '#region-code')],
  ['database-new', send('#new-database-link', '#new-database-form')],
  ['database', async (visitor) => {
    await visitor.open('/dashboard/regions');
    await visitor.go('main tbody th a >> nth=0', '#database-form');
  }],
  ['region-new', '/dashboard/regions/new'],
  ['resources', '/dashboard/resources'],
  ['resource', `/dashboard/resources/${resource}`],
  ['resource-not-ticked', async (visitor) => {
    await visitor.page.click('#delete-scope-1-details summary');
    await visitor.goUnticked('#delete-scope-1 button', '#scope-is-lost-1');
  }],
  ['scope-new', `/dashboard/resources/${resource}/scopes/new`],
  ['server-new', `/dashboard/resources/${resource}/servers/new`],
  ['resource-new', '/dashboard/resources/new'],
  ['instance', first('/dashboard/instances', 'instances')],
  ['instances', async (visitor) => {
    await visitor.open('/dashboard/instances');
    await visitor.page.fill('#slug', 'zephyr');
    await visitor.page.fill('#name', 'Zephyr');
    await visitor.page.selectOption('#accent', 'green');
    await visitor.go('#create-instance-button', '#notice');
  }],
  ['instance-other', send('#instances tbody tr:has-text("/i/zephyr") th a', '#instance-stops')],
  ['instance-not-ticked', async (visitor) => {
    await visitor.goUnticked('#switch-button', '#instance-stops');
  }],
  ['first-operator-link', send('#first-operator-button', '#operator-link')],
  ['set-password-first-operator', follow('#operator-link', '#set-password-form #display-name')],
  ['instance-disabled', async (visitor) => {
    await visitor.open('/dashboard/instances');
    await visitor.go('#instances tbody tr:has-text("/i/zephyr") th a', '#instance-stops');
    await visitor.page.check('#instance-stops');
    await visitor.go('#switch-button', '#state.off');
  }],
  ['keys', '/dashboard/keys'],
  ['nodes', '/dashboard/node'],
  ['review', '/dashboard/review'],
  ['operator-audit', '/dashboard/audit'],
  ['app-as-operator', invoices],
];

// Two at a time: the server has something to do while a browser thinks. What the owner has done is in the audit, and the
// newcomer is invited by then.
const owners = walk('owner', home, ownersSteps);
const one = async () => [
  await owners,
  await walk('newcomer', null, [...signInSteps, ...accountSteps(() => invitation)]),
];
const other = async () => [
  await walk('operator', '/dashboard', operatorsSteps),
  await owners.then(() => walk('auditor', home, auditorsSteps)),
  await walk('guest', '/dashboard', guestsSteps),
];
const walks = (await Promise.all([one(), other()])).flat();
const [sizes, problems] = [walks.flatMap((walk) => walk.sizes), walks.flatMap((walk) => walk.problems)];
const longest = Math.ceil(Math.max(...sizes) / 1024);
await check(`axe finds no barrier on ${sizes.length} pages, of which none has more than ${longest} KiB`, () =>
  expect(problems.length === 0, problems.join('\n')),
);
await check('no page was left out', () => {
  const left = missing(walks.flatMap((walk) => walk.titles));
  expect(left.length === 0, `nobody has looked at ${left.join(', ')}`);
});
await leave();
