// What went wrong in a page without anybody looking: errors, refused content, failed hydration.
import assert from 'node:assert/strict';

const SUSPECT = /hydrat|Content Security Policy|Refused to|panicked|unreachable|violat/i;

/**
 * Watches a page from now on. `clean()` fails if there was any error in the console, an uncaught exception,
 * a CSP violation, a hydration warning or an answer of 500 and above; `allow` are patterns of accepted lines.
 */
export function watch(page, { allow = [] } = {}) {
  const found = [];
  const note = (line) => {
    if (!allow.some((pattern) => pattern.test(line))) found.push(line);
  };
  page.on('console', (message) => {
    const text = message.text();
    const bad = message.type() === 'error' || SUSPECT.test(text);
    if (bad) note(`console.${message.type()}: ${text} (${message.location().url})`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.stack ?? error}`));
  page.on('response', (response) => {
    if (response.status() >= 500) note(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  page.on('crash', () => note('the page crashed'));
  return {
    found,
    clean() {
      assert.ok(found.length === 0, `the page ${page.url()} was not clean:\n${found.join('\n')}`);
    },
  };
}

/** Every request a page makes from now on, as `METHOD url`. */
export function requests(page) {
  const seen = [];
  page.on('request', (request) => seen.push(`${request.method()} ${request.url()}`));
  page.on('websocket', (socket) => seen.push(`SOCKET ${socket.url()}`));
  return seen;
}
