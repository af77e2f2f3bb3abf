// What client programs do with the server and with somebody at a browser.

import http from 'node:http';
import { expect, surroundings } from './checks.mjs';

/** What has to be refused, with this OAuth error. */
export async function expectRefusal(act, code) {
  let answer;
  try {
    answer = await act();
  } catch (error) {
    expect(error.error === code, `refused with ${error.error ?? error.message}, not ${code}`);
    return;
  }
  throw new Error(`not refused: ${JSON.stringify(answer)}`);
}

/** Sends somebody to `url` in the browser of this name, until it arrives at `until`. */
export async function errand(browser, url, until, more = {}) {
  const body = JSON.stringify({ browser, url: String(url), until, ...more });
  const response = await fetch(surroundings.person, { method: 'POST', body });
  const answer = await response.json();
  expect(response.ok, `in the browser: ${answer.error}`);
  return answer;
}

/** Listens at a URL of this program. What arrives there can be awaited, request by request. */
export async function receive(url, respond = (_request, response) => response.end('arrived')) {
  const arrived = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const address = new URL(request.url, url);
    if (address.pathname !== '/favicon.ico') arrived.push({ url: address, method: request.method, body });
    respond(request, response, body);
  });
  const { port, hostname } = new URL(url);
  await new Promise((listening) => server.listen(Number(port), hostname, listening));
  server.unref();
  return { arrived, last: (path) => arrived.findLast((request) => request.url.pathname === path) };
}
