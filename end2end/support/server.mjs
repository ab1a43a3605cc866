// A real server: own data folder, own port, own database.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { outFile, serverBinary } from './paths.mjs';
import { until } from './wait.mjs';

const run = promisify(execFile);
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

let count = 0;

/** Whether tests may ask for PostgreSQL here. */
export const hasPostgres = Boolean(process.env.TEST_POSTGRES_URL);

/**
 * Starts a server on SQLite or, with `postgres: true`, on a fresh PostgreSQL database.
 * `env` adds or overrides settings, `through` is a command that runs it. With `t` (a node:test context) it is removed when that test ends.
 */
export async function startServer({ t, postgres = false, env = {}, through = [], start = true } = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'cloudchat-e2e-'));
  const port = await freePort();
  const database = postgres ? await freshDatabase() : undefined;
  count += 1;
  const server = new Server({ dataDir, port, env, database, through, name: `server-${process.pid}-${count}` });
  t?.after(() => server.remove());
  if (start) await server.start();
  return server;
}

class Server {
  #child;
  #log;
  #lines = [];

  constructor({ dataDir, port, env, database, through, name }) {
    this.dataDir = dataDir;
    this.through = through;
    this.port = port;
    // By number, because the pages that embed the widget are on `localhost`: another site, as in real life.
    this.url = `http://127.0.0.1:${port}`;
    this.logFile = outFile(`${name}.log`);
    this.#log = createWriteStream(this.logFile);
    this.database = database;
    this.env = {
      ...process.env,
      CLOUDCHAT_LISTEN: `127.0.0.1:${port}`,
      CLOUDCHAT_URL: this.url,
      CLOUDCHAT_DATA_DIR: dataDir,
      ...(database ? { DATABASE_URL: database.url } : {}),
      ...env,
    };
    if (!database && !env.DATABASE_URL) delete this.env.DATABASE_URL;
  }

  /** Starts it on the same data folder, port and database as before. */
  async start({ timeout = 60_000 } = {}) {
    if (this.#child) throw new Error('the server runs already');
    const [program, ...args] = [...this.through, serverBinary(), 'serve'];
    const child = spawn(program, args, { env: this.env, cwd: this.dataDir, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    running.add(child);
    child.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        running.delete(child);
        if (this.#child === child) this.#child = undefined;
        resolve({ code, signal });
      });
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => this.#keep(chunk));
    const ready = until('the server answers /health', async () => (await fetch(`${this.url}/health`)).ok, { timeout });
    const died = child.ended.then(({ code, signal }) => {
      throw new Error(`the server ended at start (${signal ?? code}):\n${this.logs().slice(-4000)}`);
    });
    died.catch(() => {});
    await Promise.race([ready, died]);
  }

  /** Asks it to end and waits until it has; returns the exit code. */
  async stop({ timeout = 30_000 } = {}) {
    const child = this.#child;
    if (!child) return undefined;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), timeout);
    const { code, signal } = await child.ended;
    clearTimeout(late);
    if (signal === 'SIGKILL') throw new Error(`the server did not stop within ${timeout} ms, see ${this.logFile}`);
    return code;
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    const child = this.#child;
    if (!child) return;
    child.kill('SIGKILL');
    await child.ended;
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** Runs another command of the binary on this data; returns what it printed. */
  async cli(...args) {
    const { stdout } = await run(serverBinary(), args, { env: this.env, cwd: this.dataDir, maxBuffer: 64 << 20 });
    return stdout;
  }

  /** Makes an account with its administrator: `{account_id, user_id, access_token}` and what went in. */
  async admin({ account = 'Loja Aurora', name = 'Ana Souza', email = 'ana@example.com', password = 'Correct-horse-9' } = {}) {
    const printed = await this.cli(
      'admin', 'create', '--account', account, '--name', name, '--email', email, '--password', password,
    );
    return { ...JSON.parse(printed), account, name, email, password };
  }

  /** A request with an access token; a JSON answer is parsed. */
  async api(method, where, { token, body, headers = {} } = {}) {
    const response = await fetch(this.url + where, {
      method,
      headers: {
        ...(token ? { api_access_token: token } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  }

  /** Everything it has written so far. */
  logs() {
    return this.#lines.join('');
  }

  /** The process id while it runs. */
  get pid() {
    return this.#child?.pid;
  }

  /** Stops it and removes its data. */
  async remove() {
    try {
      await this.stop();
    } finally {
      this.#log.end();
      rmSync(this.dataDir, { recursive: true, force: true });
      await this.database?.remove();
    }
  }

  #keep(chunk) {
    this.#lines.push(chunk.toString());
    this.#log.write(chunk);
  }
}

async function freshDatabase() {
  const base = process.env.TEST_POSTGRES_URL;
  if (!base) throw new Error('TEST_POSTGRES_URL is not set (cargo xtask test sets it)');
  const name = `e2e_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 6)}`;
  const sql = (text) => run('psql', [base, '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', text]);
  await sql(`create database ${name}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { name, url: url.href, remove: () => sql(`drop database if exists ${name} with (force)`) };
}

/** A port nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
