// How a page is looked at: in light, in dark and on a phone; whether axe finds a barrier, whether something is cut off, and
// a picture of it.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { surroundings } from './checks.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { screenshots } = surroundings;
/** WCAG 2.2 AA, and what axe advises besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What people look at pages with, but for phones. */
export const WIDE = { width: 1280, height: 800 };
/** What can be different in other colours only. */
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const LOOKS = [
  { manner: 'light', colorScheme: 'light', viewport: WIDE, rules: TAGS },
  { manner: 'dark', colorScheme: 'dark', viewport: WIDE, rules: OF_COLOURS },
  { manner: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, rules: TAGS },
];

/** Looks at the page in every manner, and leaves the pictures. What is wrong. */
export async function look(page, name) {
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
