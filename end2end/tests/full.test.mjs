// A full disk: whoever writes is told so, what was acknowledged stays, and service comes back when there is room again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { Company, PNG, startServer, until } from '../support/index.mjs';

/** A small disk of its own under the data folder, which only the server sees: namespaces need no administrator on most machines. */
const OWN_DISK = ['unshare', '--map-root-user', '--mount', 'sh', '-c'];
const MOUNT = `
  disk="$CLOUDCHAT_DATA_DIR.disk" && mkdir -p "$disk" &&
  mount -t tmpfs -o size=24m disk "$disk" && cp -a "$CLOUDCHAT_DATA_DIR/." "$disk" &&
  mount --move "$disk" "$CLOUDCHAT_DATA_DIR" && rmdir "$disk" && cd "$CLOUDCHAT_DATA_DIR" && exec "$@"`;

function hasNamespaces() {
  try {
    execFileSync(OWN_DISK[0], [...OWN_DISK.slice(1), 'mount -t tmpfs disk /mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Fills the server's disk to the last byte; returns what makes room again. */
function fill(server) {
  const file = `/proc/${server.pid}/root${server.dataDir}/ballast`;
  const handle = openSync(file, 'w');
  try {
    for (let size = 1 << 20; size >= 1; size >>= 1) {
      try {
        for (;;) if (writeSync(handle, Buffer.alloc(size, 7)) < size) break;
      } catch (error) {
        assert.equal(error.code, 'ENOSPC');
      }
    }
  } finally {
    closeSync(handle);
  }
  return () => rmSync(file);
}

test('on a full disk nothing is lost and everybody is told', { skip: !hasNamespaces() && 'no mount namespaces here' }, async (t) => {
  const server = await startServer({ t, start: false, through: [...OWN_DISK, MOUNT, 'sh'] });
  // The administrator is made on the disk that is copied at the start; from then on the server has its own.
  const company = await Company.open({ admin: once(server), api: (...args) => server.api(...args) });
  const visitor = await company.visitor('Bia', 'antes');
  const path = `${company.account}/conversations/${visitor.conversation}/messages`;
  const token = company.admin.access_token;
  const say = (content, echo_id = randomUUID()) => server.api('POST', path, { token, body: { content, echo_id } });
  const withFile = async (content) => {
    const form = new FormData();
    form.set('content', content);
    form.set('attachments[]', new Blob([PNG]), 'foto.png');
    const answer = await fetch(server.url + path, { method: 'POST', headers: { api_access_token: token }, body: form });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  const read = async () => (await server.api('GET', path, { token })).body.payload.map((message) => message.content);

  const makeRoom = fill(server);
  const acknowledged = [];
  // What the database has room for inside its file is still kept; then it says no.
  const refused = await until('the disk is full for the database too', async () => {
    const content = `${acknowledged.length} ${'x'.repeat(20_000)}`;
    const answer = await say(content);
    if (answer.status !== 200) return answer;
    acknowledged.push(content);
    return undefined;
  }, { timeout: 60_000, every: 0 });
  for (const answer of [refused, await withFile('com foto')]) {
    assert.equal(answer.status, 503);
    assert.match(answer.body.error, /try again/);
    assert.ok(answer.headers.get('retry-after'));
  }
  await assert.rejects(visitor.say('durante'), /503/);
  const health = await server.api('GET', '/health');
  assert.equal(health.status, 200, 'reading goes on');
  // The newest page holds what was acknowledged and nothing else.
  const kept = (await read()).filter((content) => content !== 'antes');
  assert.deepEqual(kept, acknowledged.slice(acknowledged.length - kept.length));

  makeRoom();
  await until('there is service again', async () => (await say('depois', 'again-and-again-1')).status === 200);
  assert.equal((await withFile('com foto')).status, 200);
  await visitor.say('enfim');
  const all = await visitor.reads();
  assert.deepEqual(all.slice(-3).map((message) => message.content), ['depois', 'com foto', 'enfim']);
  assert.equal(all.filter((message) => message.content === 'durante').length, 0);
  assert.equal(await server.stop(), 0);
});

/** Makes the administrator before the first start. */
function once(server) {
  return async () => {
    const admin = await server.admin();
    await server.start();
    return admin;
  };
}
