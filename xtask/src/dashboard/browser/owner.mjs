// The owner of a tenant: members, invitations, and reference tokens, which developers cannot make.

import { check, expect, surroundings } from './checks.mjs';
import { isAlive } from './tokens.mjs';
import { WAYS, home, leave, visit } from './visits.mjs';

const { apps, issuer, people } = surroundings;
const orders = `${home}/apps/${apps.orders.id}`;

for (const { way, first, options } of WAYS) {
  const owner = await visit('owner', options);
  const { page } = owner;
  const guest = first ? 'guest' : 'second_guest';
  const { user } = people[guest];
  const row = `#members tbody tr:has-text("${user}")`;

  await check(`${way}: sign-in leads to the tenant`, () => owner.signInAt(home));

  await check(`${way}: the overview counts apps against the limit`, async () => {
    await owner.has('#tenant-facts meter');
    expect(/of 20 apps/.test(await owner.text('#tenant-facts')), await owner.text('#tenant-facts'));
  });

  await check(`${way}: usage is told over all apps, and by app`, async () => {
    await owner.go('#nav-usage', '#sums');
    expect((await owner.sees('#sums meter')) || (await owner.sees('#sums rect.bar')), 'there is no sum');
    expect((await owner.text('#by-app')).includes('Invoices'), await owner.text('#by-app'));
  });

  const link = await check(`${way}: somebody is invited, and the link is shown once`, async () => {
    await owner.go('#nav-members', '#invite-form');
    await page.fill('#invite-user-name', user);
    await page.check('#invite-form input[value="auditor"]');
    await owner.go('#invite-button', '#invitation-link');
    const link = await owner.text('#invitation-link');
    await owner.go('#members-link', '#invitation-1');
    expect(!(await page.content()).includes(link), 'it is shown again');
    return link;
  });

  await check(`${way}: who accepts it is in the tenant at once`, async () => {
    const visitor = await visit(guest, options);
    await visitor.signInAt('/dashboard');
    await visitor.has('#no-tenants');
    await visitor.page.goto(link);
    await visitor.go('#accept-button', 'h1');
    await visitor.open(home);
    await visitor.open(`${home}/apps`);
    expect(!(await visitor.sees('#new-app-link')), 'an auditor is offered a new app');
  });

  await check(`${way}: an invitation is sent again, and taken back`, async () => {
    const nobody = `nobody-${first}`;
    const entry = `#invitations li:has-text("${nobody}")`;
    await page.fill('#invite-user-name', nobody);
    await page.check('#invite-form input[value="developer"]');
    await owner.go('#invite-button', '#invitation-link');
    const before = await owner.text('#invitation-link');
    await owner.go('#members-link', entry);
    await owner.go(`${entry} form[id^="resend"] button`, '#invitation-link');
    expect((await owner.text('#invitation-link')) !== before, 'it is the same link');
    await owner.go('#members-link', entry);
    await owner.go(`${entry} form[id^="cancel"] button`, '#notice');
    expect(!(await owner.sees(entry)), 'it is listed');
  });

  await check(`${way}: a role is changed, and a member is removed`, async () => {
    await owner.open(`${home}/members`);
    await page.click(`${row} summary`);
    await page.check(`${row} input[value="developer"]`);
    await owner.go(`${row} form[id^="role-form"] button`, '#notice');
    expect((await owner.text(row)).includes('eveloper'), 'the role is another one');
    await page.click(`${row} summary`);
    await owner.go(`${row} form[id^="remove-form"] button`, '#notice');
    expect(!(await owner.sees(row)), 'the member is there');
  });

  await check(`${way}: the last owner cannot leave`, async () => {
    const self = '#members tbody tr:has-text("olivia")';
    await page.click(`${self} summary`);
    await owner.go(`${self} form[id^="remove-form"] button`, '#notice.problem');
    await owner.open(`${home}/members`);
    await owner.has(self);
  });

  const token = await check(`${way}: a service access token is made and shown once`, async () => {
    await owner.open(`${orders}/tokens`);
    await page.fill('#token-name', `Migration ${way}`);
    await owner.go('#make-token-button', '#token-scopes-error');
    await page.check('#token-scope-1');
    await owner.go('#make-token-button', '#secret');
    const token = await owner.text('#secret');
    expect(await isAlive(token, apps.meter.client_id, apps.meter.client_secret), 'it is not alive');
    if (first) await owner.leavingAsks('#nav-apps');
    await owner.go('#put-away-link', '#tokens');
    expect(!(await page.content()).includes(token), 'it is shown again');
    return token;
  });

  await check(`${way}: it is dead once it is revoked`, async () => {
    await owner.go(`#tokens tbody tr:has-text("Migration ${way}") form button`, '#notice');
    expect(!(await isAlive(token, apps.meter.client_id, apps.meter.client_secret)), 'it is alive');
  });

  await check(`${way}: the tenant gets another name`, async () => {
    await owner.open(`${home}/edit`);
    await page.fill('#name', `Acme Analytics ${way}`);
    await owner.go('#save-button', '#notice');
    await owner.open(home);
    expect((await owner.text('#tenant-name')) === `Acme Analytics ${way}`, await owner.text('#tenant-name'));
  });
}

await check('other people of other tenants find nothing here', async () => {
  const guest = await visit('guest');
  await guest.signInAt('/dashboard');
  const response = await guest.page.goto(issuer + home);
  expect(response.status() === 404, `it answers ${response.status()}`);
});

await leave();
