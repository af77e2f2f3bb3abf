// An auditor of a tenant, who sees everything there and can change nothing.

import fs from 'node:fs';
import { check, expect, surroundings } from './checks.mjs';
import { WAYS, home, leave, visit } from './visits.mjs';

const { apps, issuer } = surroundings;
const invoices = `${home}/apps/${apps.invoices.id}`;

for (const { way, options } of WAYS) {
  const auditor = await visit('auditor', options);
  const { page } = auditor;

  await check(`${way}: sign-in leads to the audit of the tenant`, () => auditor.signInAt(`${home}/audit`));

  await check(`${way}: the chain is said to be sound`, async () => {
    const state = await page.getAttribute('#chain-state', 'data-state');
    expect(state === 'sound', `it is ${state}`);
  });

  await check(`${way}: the filter shows one kind of event only`, async () => {
    await page.click('#filter summary');
    await page.fill('#action', 'app.create');
    await auditor.go('#filter-button', '#all-link');
    const actions = await page.locator('#audit-events [data-action]').evaluateAll((cells) => cells.map((cell) => cell.dataset.action));
    expect(actions.length > 0 && actions.every((action) => action === 'app.create'), actions.join());
  });

  await check(`${way}: what is exported is what the filter shows, as JSON lines`, async () => {
    const shown = await page.locator('#audit-events tbody tr').count();
    const lines = await exported(page);
    expect(lines.length >= shown, `${lines.length} lines, and ${shown} are shown`);
    const others = lines.filter(({ action }) => action !== 'app.create');
    expect(others.length === 0, JSON.stringify(others[0]));
  });

  await check(`${way}: an event proves what it says`, async () => {
    await auditor.go('#audit-events tbody a', '#event-proof');
    expect((await page.getAttribute('#event-proof', 'data-state')) === 'sound', 'it does not');
  });

  await check(`${way}: what is exported without a filter is a chain of JSON lines`, async () => {
    await auditor.open(`${home}/audit`);
    const lines = await exported(page);
    expect(lines.length > 5, `${lines.length} lines`);
  });
}

const auditor = await visit('auditor');
const { page } = auditor;
await auditor.signInAt(home);

await check('nothing that changes something is offered', async () => {
  await auditor.open(invoices);
  expect(await auditor.sees('#explain'), 'it is not explained');
  for (const place of ['', '/secrets', '/tokens', '/storage', '/usage', '/audit']) {
    await auditor.open(invoices + place);
    const forms = await page.locator('main form[method="post"]').evaluateAll((forms) => forms.map((form) => form.id));
    expect(forms.length === 0, `${place} offers ${forms}`);
  }
  await auditor.open(`${home}/members`);
  expect(!(await auditor.sees('#invite-form')), 'an invitation is offered');
});

await check('what is tried nevertheless is refused', async () => {
  for (const path of [`${home}/apps/new`, `${invoices}/settings`, `${invoices}/delete`, '/dashboard/plans', '/dashboard/keys']) {
    const status = (await page.goto(issuer + path)).status();
    expect([403, 404].includes(status), `${path} answers ${status}`);
  }
});

await leave();

/** The events in the file that the page offers: between a line that says what it is, and one that counts them. */
async function exported(page) {
  const download = page.waitForEvent('download');
  await page.click('#export-link');
  const text = fs.readFileSync(await (await download).path(), 'utf8');
  const lines = text.trim().split('\n').map((line) => JSON.parse(line));
  const [head, events, { end }] = [lines.at(0), lines.slice(1, -1), lines.at(-1)];
  expect(head.turnkeep_audit && end.entries === events.length, `${JSON.stringify([head, end])} around ${events.length}`);
  return events;
}
