// Which pages there are: each is a template with a title.

import fs from 'node:fs';
import path from 'node:path';
import { surroundings } from './checks.mjs';

const { templates } = surroundings;

/** The templates of pages that none of these titles is of. One whose title is a name alone passes with any. */
export function missing(titles) {
  const files = fs.readdirSync(templates, { recursive: true }).filter((file) => file.endsWith('.html'));
  return files.filter((file) => {
    const text = fs.readFileSync(path.join(templates, file), 'utf8');
    const [, title] = /{% block title %}(.+?){% endblock %}/.exec(text) ?? [];
    return title && !titles.some((seen) => patternOf(title).test(seen));
  });
}

/** What is filled in can be anything. A title begins with that something is wrong, and ends with the name of the instance. */
function patternOf(title) {
  const fixed = title.split(/{{.*?}}|{%.*?%}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(Error: )?${fixed.join('.*')} · `);
}
