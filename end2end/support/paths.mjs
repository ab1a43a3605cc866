// Where things are; everything can be overridden from outside.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
const target = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'));

/** The server binary: `CLOUDCHAT_BIN`, or what `cargo xtask build` left. */
export function serverBinary() {
  return firstThatExists('the server (run `cargo xtask build`)', [
    process.env.CLOUDCHAT_BIN,
    path.join(target, 'debug/cloudchat'),
    path.join(target, 'release/cloudchat'),
  ]);
}

/** The browser: `CHROMIUM`, or the system's. */
export function chromiumBinary() {
  return firstThatExists('Chromium (run `cargo xtask setup`)', [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]);
}

/** A place for screenshots and logs, kept after the tests. */
export function outFile(name) {
  const file = path.join(root, 'end2end/out', name);
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

function firstThatExists(what, candidates) {
  const found = candidates.find((candidate) => candidate && existsSync(candidate));
  if (!found) throw new Error(`Not found: ${what}`);
  return found;
}
