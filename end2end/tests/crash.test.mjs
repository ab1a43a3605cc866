// Power cuts: the server is killed at random moments while visitors and an agent write. Whatever was acknowledged must be there
// once, on both sides, in order; whatever was not is sent again with the same id and must not be there twice.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hasPostgres, startServer, until } from '../support/index.mjs';

const VISITORS = 6;
const CUTS = 6;
/** Writing never stops while cuts come; this many more are written after the last one. */
const LAST_WORDS = 5;

/** Repeatable "random" numbers between 0 and 1, so that a failure can be looked at again. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sends until it is acknowledged; only a lost connection or a server that is going away may need another try. */
async function insist(send) {
  return until('the message is acknowledged', async () => {
    const answer = await send();
    if (answer.status === 200) return answer.body;
    assert.ok(answer.status >= 500, `refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
    return undefined;
  }, { timeout: 60_000, every: 20 });
}

class Visitor {
  constructor(server, websiteToken, number) {
    this.server = server;
    this.where = (path) => `/api/v1/widget${path}?website_token=${websiteToken}`;
    this.number = number;
    this.said = [];
  }

  async enter() {
    const config = await insist(() => this.server.api('POST', this.where('/config')));
    this.token = config.website_channel_config.auth_token;
  }

  ask(method, path, body) {
    return this.server.api(method, this.where(path), { body, headers: { 'x-auth-token': this.token } });
  }

  async say() {
    const content = `visitor ${this.number} says ${this.said.length}`;
    const message = { content, echo_id: randomUUID() };
    const kept = await insist(() => this.ask('POST', '/messages', { message }));
    this.conversation = kept.conversation_id;
    this.said.push({ content, id: kept.id });
  }

  /** Everything this visitor can read, oldest first. */
  async read() {
    const all = [];
    let before;
    for (;;) {
      const query = before ? `&before=${before}` : '';
      const answer = await this.server.api('GET', this.where('/messages') + query, {
        headers: { 'x-auth-token': this.token },
      });
      assert.equal(answer.status, 200);
      if (answer.body.payload.length === 0) return all;
      all.unshift(...answer.body.payload);
      before = answer.body.payload[0].id;
    }
  }
}

/** Everything an agent can read of a conversation, oldest first. */
async function agentReads(server, admin, conversation) {
  const all = [];
  let before;
  for (;;) {
    const query = before ? `?before=${before}` : '';
    const path = `/api/v1/accounts/${admin.account_id}/conversations/${conversation}/messages${query}`;
    const answer = await server.api('GET', path, { token: admin.access_token });
    assert.equal(answer.status, 200);
    if (answer.body.payload.length === 0) return all;
    all.unshift(...answer.body.payload);
    before = answer.body.payload[0].id;
  }
}

async function survives(t, { postgres, seed }) {
  const server = await startServer({ t, postgres, env: { CLOUDCHAT_RATE_LIMITS: '100000' } });
  const admin = await server.admin();
  const made = await server.api('POST', `/api/v1/accounts/${admin.account_id}/inboxes`, {
    token: admin.access_token,
    body: { name: 'Loja', channel: { type: 'web_widget', website_url: 'https://loja.example.com' } },
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  const visitors = Array.from({ length: VISITORS }, (_, i) => new Visitor(server, made.body.website_token, i));
  await Promise.all(visitors.map((visitor) => visitor.enter()));

  let cutting = true;
  const writing = visitors.map(async (visitor) => {
    while (cutting) await visitor.say();
    for (let i = 0; i < LAST_WORDS; i += 1) await visitor.say();
  });
  const replies = [];
  const answering = (async () => {
    while (cutting || replies.length === 0) {
      const target = visitors[replies.length % VISITORS];
      if (!target.conversation) {
        await pause(5);
        continue;
      }
      const body = { content: `agent says ${replies.length}`, echo_id: randomUUID() };
      const path = `/api/v1/accounts/${admin.account_id}/conversations/${target.conversation}/messages`;
      const kept = await insist(() => server.api('POST', path, { token: admin.access_token, body }));
      replies.push({ content: body.content, id: kept.id, visitor: target });
    }
  })();

  const next = dice(seed);
  for (let cut = 0; cut < CUTS; cut += 1) {
    const atLeast = visitors.reduce((sum, visitor) => sum + visitor.said.length, 0) + 3;
    await until('messages flow', () => visitors.reduce((sum, v) => sum + v.said.length, 0) >= atLeast, { every: 5, timeout: 60_000 });
    // The moment of the cut is the input of this test, not a wait for something.
    await pause(next() * 400);
    await server.kill();
    await server.start();
  }
  cutting = false;
  await Promise.all([...writing, answering]);

  for (const visitor of visitors) {
    const spoken = visitor.said.map((one) => one.content);
    const heard = replies.filter((reply) => reply.visitor === visitor).map((reply) => reply.content);
    for (const side of [await visitor.read(), await agentReads(server, admin, visitor.conversation)]) {
      const contents = side.map((message) => message.content);
      assert.deepEqual(contents.filter((text) => text.startsWith('visitor')), spoken);
      assert.deepEqual(contents.filter((text) => text.startsWith('agent')), heard);
      const ids = side.map((message) => message.id);
      assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
      assert.equal(new Set(ids).size, ids.length);
    }
  }
  const meta = await server.api('GET', `/api/v1/accounts/${admin.account_id}/conversations/meta?status=all`, {
    token: admin.access_token,
  });
  assert.equal(meta.body.meta.all_count, VISITORS);
  assert.equal(await server.stop(), 0);
}

test('nothing acknowledged is lost or doubled when the power goes, on SQLite', { timeout: 300_000 }, (t) =>
  survives(t, { postgres: false, seed: 20260101 }));

test('nothing acknowledged is lost or doubled when the power goes, on PostgreSQL', { timeout: 300_000, skip: !hasPostgres && 'no PostgreSQL here' }, (t) =>
  survives(t, { postgres: true, seed: 20260102 }));
