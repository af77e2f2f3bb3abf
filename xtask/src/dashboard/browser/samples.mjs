// The programs that are shown with the credentials of a new app, pasted and run as they are.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { check, expect, surroundings } from './checks.mjs';
import { isAlive } from './tokens.mjs';
import { home, leave, visit } from './visits.mjs';

const { apps, python } = surroundings;
/** How long one may take: Go compiles its own library when it is used for the first time. */
const TIMEOUT_MS = 600_000;
const run = promisify(execFile);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'turnkeep-samples-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

/** How each is started. What needs a compiler that nothing else here needs is optional. */
const PROGRAMS = [
  { id: 'curl', start: ['sh'] },
  { id: 'python', start: [python] },
  { id: 'javascript', start: [process.execPath] },
  { id: 'go', start: ['go', 'run'], isOptional: true },
  { id: 'java', start: ['java'], isOptional: true },
];

const dev = await visit('developer', { permissions: ['clipboard-read', 'clipboard-write'] });
const { page } = dev;

await check('an app is made for the programs', async () => {
  await dev.signInAt(`${home}/apps/new`);
  await page.fill('#name', 'Samples');
  await dev.hasChecked('name');
  await dev.go('#create-app-button', '#client-secret');
});

for (const { id, start: [program, ...words], isOptional } of PROGRAMS) {
  if (isOptional && !(await isInstalled(program))) continue;
  await check(`what is copied for ${id} gets a token as it is`, async () => {
    const details = page.locator(`#sample-${id}-details summary`);
    if (await details.count()) await details.click();
    // The name matters to some languages, so it is the one that the page says.
    const [, file] = /Save it as (\S+)\. /.exec(await page.locator(`#sample-${id}-details`).allInnerTexts()) ?? [, 'command'];
    await page.click(`#copy-${id}-button`);
    await page.waitForFunction((status) => document.querySelector(status).textContent !== '', `#copy-${id}-status`);
    fs.writeFileSync(path.join(folder, file), await page.evaluate(() => navigator.clipboard.readText()));
    const { stdout } = await run(program, [...words, file], { cwd: folder, timeout: TIMEOUT_MS });
    // The command shows the whole answer. Programs print the token and nothing else, as their page says.
    const token = id === 'curl' ? JSON.parse(stdout).access_token : stdout.trim();
    expect(await isAlive(token, apps.meter.client_id, apps.meter.client_secret), `it says ${stdout}`);
  });
}

await leave();

async function isInstalled(program) {
  return run('sh', ['-c', 'command -v "$0"', program]).then(() => true, () => false);
}
