// An operator: tenants, apps on plans, people, keys, nodes, review, search. instance.mjs has what goes by forms only.

import { check, expect, surroundings } from './checks.mjs';
import { requestToken } from './tokens.mjs';
import { WAYS, home, leave, visit } from './visits.mjs';

const { apps, issuer } = surroundings;
/** What is made anew each way. */
const NEW = {
  'with script': { tenant: 'Borealis', plan: 'Starter 2024', app: 'archive', person: 'hugo' },
  'without script': { tenant: 'Australis', plan: 'Starter 2023', app: 'museum', person: 'hanna' },
};

for (const { way, first, options } of WAYS) {
  const operator = await visit('operator', options);
  const { page } = operator;
  const made = NEW[way];

  await check(`${way}: sign-in leads to the tenants`, () => operator.signInAt('/dashboard/tenants'));

  await check(`${way}: a tenant is made and activated`, async () => {
    await operator.go('#new-tenant-link', '#new-tenant-form');
    await page.fill('#name', made.tenant);
    await operator.go('#make-tenant-button', '#tenant-form');
    await operator.open(`/dashboard/tenants?search=${made.tenant}`);
    await operator.go('#tenants tbody th a', '#tenant-name');
    await operator.open(`${operator.path()}/edit`);
    await operator.go('#activate-button', '#suspend-button');
  });

  await check(`${way}: a tenant is closed after what ends was shown, and its name typed`, async () => {
    await operator.go('#suspend-button', '#activate-button');
    await operator.go('#close-link', '#close-form');
    expect((await operator.text('#apps-that-end')).length > 0, 'nothing is said about its apps');
    await page.fill('#close-form input[type="text"]', 'Boreali');
    await operator.go('#close-button', '.field-error');
    await page.fill('#close-form input[type="text"]', made.tenant);
    await operator.go('#close-button', '#notice');
    await operator.open(`/dashboard/tenants?search=${made.tenant}`);
    expect((await operator.text('#tenants')).includes('closed'), await operator.text('#tenants'));
  });

  await check(`${way}: retiring a plan shows who is hit, and moves them`, async () => {
    const { id, name } = apps[made.app];
    await operator.open(`/dashboard/plans?search=${encodeURIComponent(made.plan)}`);
    await operator.go('#plans tbody th a', '#retire-link');
    await operator.go('#retire-link', '#foresee-form');
    expect((await operator.text('#affected-apps')).includes(name), 'the app is not listed');
    await page.selectOption('#foresee-form select', { label: 'Team (team)' });
    await operator.go('#foresee-button', '#retire-form');
    await operator.go('#retire-button', '#notice');
    await operator.open(`${home}/apps/${id}`);
    expect((await operator.text('#plan-name')).includes('Team'), 'the app is on another plan');
  });

  await check(`${way}: a person is made, and gets a link to begin with`, async () => {
    await operator.open('/dashboard/people/new');
    await page.fill('#name', made.person);
    await page.fill('#display-name', 'Hugo Hall');
    await operator.go('#make-person-button', '#welcome-form');
    await operator.go('#welcome-button', '#welcome-link');
    const link = await operator.text('#welcome-link');
    await operator.go('#person-link', '#welcome-form');
    expect(!(await page.content()).includes(link), 'it is shown again');
    await operator.open(`/dashboard/people?kind=internal&search=${made.person}`);
    expect((await operator.text('#people')).includes(made.person), 'the person is not listed');
  });

  await check(`${way}: search finds apps, tenants and people, by parts of names and by ids`, async () => {
    for (const [words, found] of [['invo', 'Invoices'], ['acme', 'Acme Analytics'], ['olivia', 'Olivia'], [apps.orders.client_id, 'Orders']]) {
      await page.fill('#search', words);
      await operator.go('#search-button', 'main .entries');
      expect((await operator.text('main')).includes(found), `${words} does not find ${found}`);
    }
  });

  if (!first) await lookAfterTheRest(operator, way);

  await check(`${way}: signing out is one step from everywhere`, () => operator.go('#sign-out-button', 'h1'));
}

await leave();

/** What goes by kinds of forms that both ways have shown. */
async function lookAfterTheRest(operator, way) {
  const { page } = operator;

  await check(`${way}: a suspended tenant gets no tokens, and an active one does again`, async () => {
    await operator.open(`${home}/edit`);
    await operator.go('#suspend-button', '#activate-button');
    expect((await requestToken(apps.orders.client_id, apps.orders.client_secret)).status === 401, 'its app gets one');
    await operator.go('#activate-button', '#suspend-button');
    expect((await requestToken(apps.orders.client_id, apps.orders.client_secret)).status === 200, 'its app gets none');
  });

  await check(`${way}: an app is put on a plan, held until a payment, and taken off`, async () => {
    await operator.open(`${home}/apps/${apps.orders.id}`);
    await page.selectOption('#plan-form select', { label: 'Team (team)' });
    await operator.go('#assign-plan-button', '#hold-plan-button');
    await operator.go('#hold-plan-button', '#release-plan-button');
    expect((await requestToken(apps.orders.client_id, apps.orders.client_secret)).status !== 200, 'it gets a token');
    await operator.go('#release-plan-button', '#hold-plan-button');
    expect((await requestToken(apps.orders.client_id, apps.orders.client_secret)).status === 200, 'it gets none');
    await operator.go('#remove-plan-button', '#no-plan');
  });

  await check(`${way}: another signing key is made, and is published`, async () => {
    await operator.open('/dashboard/keys');
    const before = await page.locator('#keys tbody tr').count();
    await operator.go('#rotate-button-1', '#notice');
    expect((await page.locator('#keys tbody tr').count()) === before + 1, 'there are as many as before');
    const ids = await page.locator('#keys tbody th code').allInnerTexts();
    const { keys } = await (await fetch(await page.getAttribute('#key-set-link', 'href'))).json();
    const published = keys.map(({ kid }) => kid);
    expect(ids.every((id) => published.includes(id)), `${ids} are shown, and ${published} published`);
  });

  await check(`${way}: the node says how it is`, async () => {
    await operator.open('/dashboard/node');
    expect((await operator.text('#guard-state')).length > 3 && (await operator.sees('#facts')), 'it says nothing');
  });

  await check(`${way}: the review shows findings`, async () => {
    await operator.open('/dashboard/review');
    expect((await page.locator('#review .badge.warn').count()) > 0, 'there is none');
  });

  await check(`${way}: an instance is renamed`, async () => {
    await operator.open('/dashboard/instances');
    await operator.go(`#instances tbody tr:has(code:text-is("${issuer}")) th a`, '#instance-form');
    await page.fill('#name', 'Acme Cloud');
    await operator.go('#save-button', '#notice');
    expect((await operator.text('#instance-name')) === 'Acme Cloud', 'it has another name');
  });
}
