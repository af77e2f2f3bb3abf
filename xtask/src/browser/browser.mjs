// Chromium, and what somebody does on the pages of the server. Knows pages by the ids of their elements only.

import { chromium } from 'playwright-core';

/** What takes longer never comes, however slow the machine. */
const PAGE_TIMEOUT_MS = 60_000;

/** Starts it. It ends with the program. */
export async function openBrowser(program) {
  // Chromium's sandbox does not work for root.
  const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: program, args, handleSIGTERM: false });
  process.on('SIGTERM', () => browser.close().finally(() => process.exit(0)));
  return browser;
}

/** Messages that say something is wrong with a page. What the browser merely tells, such as that somebody typed before
 * another field got the focus, is none. */
const COMPLAINTS = ['error', 'warning'];

/** A page, and the complaints of the browser about it. */
export async function openPage(profile) {
  const page = await profile.newPage();
  const complaints = [];
  page.on('console', (message) => COMPLAINTS.includes(message.type()) && complaints.push(message.text()));
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  return { page, complaints };
}

/** A form's answer can be a page at the same URL. */
export async function leaveBy(page, button) {
  await Promise.all([page.waitForEvent('load'), page.click(button)]);
}

/** With the password, as a first factor or the only one. */
export async function enterPassword(page, { name, password }) {
  await page.fill('#user-name', name);
  await page.fill('#password', password);
  await leaveBy(page, '#sign-in-button');
}
