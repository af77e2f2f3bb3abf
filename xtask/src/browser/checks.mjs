// What a program that checks something has to know, and one line for each check.

import fs from 'node:fs';

/** As the task that started the program has written it. */
export const surroundings = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

/** Does something that has to succeed, and says so. The first failure ends the program. */
export async function check(name, act) {
  try {
    const done = await act();
    console.log(`ok ${name}`);
    return done;
  } catch (error) {
    console.log(`FAILED ${name}: ${describe(error)}`);
    process.exit(1);
  }
}

function describe(error) {
  const { error: code, error_description: description, cause } = error;
  const body = cause instanceof Error ? describe(cause) : JSON.stringify(cause);
  return [error.message, code, description, body].filter(Boolean).join('; ');
}

/** What a program relies on. */
export function expect(condition, words) {
  if (!condition) throw new Error(words);
}

/** Waits until `look` finds what it looks for, and gives it back. */
export async function until(look, words, limit = 60_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    expect(Date.now() < end, `${words} within ${limit / 1000} s`);
    await new Promise((soon) => setTimeout(soon, 100));
  }
}
