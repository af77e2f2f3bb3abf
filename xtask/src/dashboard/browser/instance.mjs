// An operator, in a browser that runs no script: plans, regions, resources, operators, people who are disabled, and
// another instance. Nothing here keeps the apps of the tenant from their tokens.

import { enterPassword, leaveBy } from './browser.mjs';
import { check, expect, surroundings } from './checks.mjs';
import { home, leave, visit, visitBy } from './visits.mjs';

const { apps, issuer, people } = surroundings;
const options = { javaScriptEnabled: false };
const operator = await visit('operator', options);
const { page } = operator;

await check('sign-in leads to the page that was asked for', () => operator.signInAt('/dashboard/plans'));

await check('what is wrong with a plan stands beside its field, and one is made and activated', async () => {
  const isOffered = async () => {
    await operator.open('/dashboard/plans?search=team');
    await operator.go('#plans tbody th a', '#retire-link');
    await operator.go('#retire-link', '#foresee-form');
    return (await operator.text('#foresee-form select')).includes('Growth (growth)');
  };
  await operator.open('/dashboard/plans');
  await operator.go('#new-plan-link', '#new-plan-form');
  await page.fill('#code', 'growth');
  await page.fill('#name', 'Growth');
  await page.fill('#units-hour', 'many');
  await operator.go('#make-plan-button', '#units-hour-error');
  expect((await page.inputValue('#code')) === 'growth', 'what was typed is gone');
  await page.fill('#units-hour', '2000');
  await operator.go('#make-plan-button', '#activate-button');
  const path = operator.path();
  expect(!(await isOffered()), 'apps can move to a draft');
  await operator.open(path);
  await operator.go('#activate-button', '#retire-link');
  expect(await isOffered(), 'no app can move to it');
});

await check('a region is made, gets a database, and shows how full it is', async () => {
  await operator.open('/dashboard/regions');
  expect(await operator.sees('meter'), 'nothing shows how full it is');
  await operator.go('#new-region-link', '#new-region-form');
  await page.fill('#code', 'ap-south');
  await page.fill('#name', 'AP South');
  await operator.go('#make-region-button', '#region-code');
  expect((await operator.text('#region-code')) === 'ap-south', 'it has another code');
  await operator.go('#new-database-link', '#new-database-form');
  await page.fill('#db-code', 'AP1');
  await page.fill('#capacity', '10');
  await operator.go('#make-database-button', '#region-databases table');
  await operator.open('/dashboard/regions');
  expect((await operator.text('#databases-ap-south')).includes('0 of 10'), await operator.text('#databases-ap-south'));
});

await check('a resource gets a scope and an app that answers for it, and loses both', async () => {
  await operator.open('/dashboard/resources');
  await operator.go('#new-resource-link', '#new-resource-form');
  await page.fill('#audience', 'Reports.API');
  await page.fill('#name', 'Reports');
  await operator.go('#make-resource-button', '#new-scope-link');
  const path = operator.path();
  await operator.go('#new-scope-link', '#new-scope-form');
  await page.fill('#name', 'reports read');
  await operator.go('#make-scope-button', '#name-error');
  await page.fill('#name', 'reports:read');
  await operator.go('#make-scope-button', '#scopes');
  await operator.go('#new-server-link', '#new-server-form');
  await page.fill('#client-id', apps.portal.client_id);
  await operator.go('#add-server-button', '#servers');
  await operator.open(`${home}/apps/${apps.portal.id}/settings`);
  expect((await page.textContent('#known-scopes')).includes('reports:read'), 'no app can ask for the scope');
  await operator.open(path);
  await page.click('#delete-scope-1-details summary');
  await operator.goUnticked('#delete-scope-1 button', '#scope-is-lost-1');
  await page.check('#scope-is-lost-1');
  await operator.go('#delete-scope-1 button', '#notice');
  await operator.go('#remove-server-1 button', '#notice');
  expect(!(await operator.sees('#scopes, #servers')), 'they are listed');
});

await check('who is disabled is signed out and cannot sign in, until they are enabled', async () => {
  const person = await visit('person', options);
  const tries = async (until) => {
    await person.page.goto(`${issuer}/dashboard`);
    await enterPassword(person.page, person.account);
    await person.has(until);
  };
  await tries('#no-tenants');
  const path = await openPerson('person');
  await operator.go('#disable-button', '#enable-button');
  await tries('#error-message');
  await operator.open(path);
  await operator.go('#enable-button', '#disable-button');
  await tries('#no-tenants');
});

await check('an operator is made, and is none any more', async () => {
  const person = await visit('second_guest', options);
  const status = async () => (await person.page.goto(`${issuer}/dashboard/plans`)).status();
  await person.signInAt('/dashboard');
  expect((await status()) === 404, `it answers ${await status()} to somebody else`);
  const path = await openPerson('second_guest');
  await operator.go('#make-operator-button', '#remove-operator-button');
  expect((await status()) === 200, `it answers ${await status()} to an operator`);
  await operator.open('/dashboard/people/operators');
  expect((await operator.text('#operators')).includes(people.second_guest.user), 'they are not listed');
  await operator.open(path);
  await operator.go('#remove-operator-button', '#make-operator-button');
  expect((await status()) === 404, `it answers ${await status()} to who is none any more`);
});

const below = '/i/borealis';
const metadata = async () => (await fetch(`${issuer}${below}/.well-known/openid-configuration`)).status;

const path = await check('an instance is made, and answers', async () => {
  await operator.open('/dashboard/instances');
  await page.fill('#slug', 'Borealis!');
  await page.fill('#name', 'Borealis');
  await operator.go('#create-instance-button', '#slug-error');
  await page.fill('#slug', 'borealis');
  await operator.go('#create-instance-button', '#notice');
  await operator.go(`#instances tbody tr:has(code:text-is("${issuer}${below}")) th a`, '#first-operator-form');
  expect((await metadata()) === 200, `it answers ${await metadata()}`);
  return operator.path();
});

const account = { name: 'boris', password: `lantern-${crypto.randomUUID()}` };
const boris = await visitBy(account, options);
await check('its first operator begins with a link, which works once', async () => {
  await operator.go('#first-operator-button', '#operator-link');
  const link = await operator.text('#operator-link');
  await boris.page.goto(link);
  await boris.page.fill('#user-name', account.name);
  await boris.page.fill('#display-name', 'Boris Beginner');
  await boris.page.fill('#new-password', account.password);
  await leaveBy(boris.page, '#set-password-button');
  expect(boris.path() === `${below}/dashboard`, `they are at ${boris.path()}`);
  await boris.open(`${below}/dashboard/plans`);
  await boris.refused(link);
  await operator.go('#instance-link', '#operators');
  expect((await operator.text('#operators')).includes(account.name), 'they are not listed');
  expect(!(await operator.sees('#first-operator-form')), 'another link is offered');
});

await check('it is disabled only by who says that it is meant, and enabled again', async () => {
  await operator.goUnticked('#switch-button', '#instance-stops');
  expect((await metadata()) === 200, `it answers ${await metadata()} before it was meant`);
  await page.check('#instance-stops');
  await operator.go('#switch-button', '#state.off');
  expect((await metadata()) === 404, `it answers ${await metadata()}`);
  await boris.refused(`${issuer}${below}/dashboard`);
  await operator.open(path);
  await operator.go('#switch-button', '#state.on');
  expect((await metadata()) === 200, `it answers ${await metadata()} once it is enabled`);
});

await leave();

/** Opens the page of a person by way of the list. Its path. */
async function openPerson(role) {
  await operator.open(`/dashboard/people?kind=internal&search=${people[role].user}`);
  await operator.go('#people tbody th a', '#access');
  return operator.path();
}
