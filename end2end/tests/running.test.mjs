// A server at work as its operator sees it: figures, health, and a stop that finishes what was begun.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { Company, hasPostgres, startServer, until } from '../support/index.mjs';

/** A picture that is so large that a job makes a small one of it. */
function largePicture(width, height) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let i = 0; i < rows.length; i += 1) rows[i] = i % (1 + width * 3) === 0 ? 0 : (i * 2654435761) >>> 24;
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** A request that the server has begun to read; what is returned sends the rest and resolves to the answer. */
async function begin(server, path, token, body) {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  const ended = new Promise((resolve, reject) => socket.once('close', resolve).once('error', reject));
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\napi_access_token: ${token}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
  );
  await until('the server asks for the body', () => answer === 'HTTP/1.1 100 Continue\r\n\r\n');
  answer = '';
  const half = Math.floor(body.length / 2);
  socket.write(body.slice(0, half));
  return async () => {
    socket.write(body.slice(half));
    await ended;
    return answer;
  };
}

const figure = (text, name) => Number(text.match(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm'))?.[1] ?? NaN);

for (const postgres of [false, true]) {
  const name = postgres ? 'PostgreSQL' : 'SQLite';
  const skip = postgres && !hasPostgres && 'no TEST_POSTGRES_URL';

  test(`on ${name} a stopping server finishes what was begun`, { skip }, async (t) => {
    const server = await startServer({ t, postgres });
    // The recurring tasks always wait for their next time.
    const idle = await until('the recurring tasks wait', async () => (await server.api('GET', '/health')).body.queue.ready);
    const company = await Company.open(server);
    const visitor = await company.visitor('Bia', 'Oi');
    const messages = `${company.account}/conversations/${visitor.conversation}/messages`;
    const token = company.admin.access_token;

    const form = new FormData();
    form.set('attachments[]', new Blob([largePicture(2400, 1600)]), 'foto.png');
    const sent = await fetch(server.url + messages, { method: 'POST', headers: { api_access_token: token }, body: form });
    assert.equal(sent.status, 200);
    const finish = await begin(server, messages, token, JSON.stringify({ content: 'ainda a tempo' }));
    const stopped = server.stop();
    await until('nobody new is let in', async () => {
      try {
        await fetch(`${server.url}/health`);
        return false;
      } catch {
        return true;
      }
    });
    const answer = await finish();
    assert.match(answer, /^HTTP\/1\.1 200 OK/);
    assert.match(answer, /"content":"ainda a tempo"/);
    assert.equal(await stopped, 0);

    await server.start();
    const kept = await server.api('GET', messages, { token });
    assert.deepEqual(kept.body.payload.map((message) => message.content ?? ''), ['Oi', '', 'ainda a tempo']);
    await until('the picture has its small one, made before or after the stop', async () => {
      const { body } = await server.api('GET', messages, { token });
      const [file] = body.payload[1].attachments;
      return file.thumb_url && file.thumb_url !== file.data_url;
    });
    const health = await until('no job is left', async () => {
      const { body } = await server.api('GET', '/health');
      return body.queue.ready <= idle && body;
    });
    assert.equal(health.status, 'ok');
    assert.equal(health.queue.dead, 0);
    assert.equal(await server.stop(), 0);
  });

  test(`on ${name} figures tell what goes on and nothing about anybody`, { skip }, async (t) => {
    const server = await startServer({ t, postgres });
    const company = await Company.open(server);
    const visitor = await company.visitor('Bia', 'Oi');
    await server.api('GET', `${company.account}/conversations/${visitor.conversation}?api_access_token=hidden`);
    const { status, body, headers } = await server.api('GET', '/metrics');
    assert.equal(status, 200);
    assert.match(headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
    const route = 'method="POST",route="/api/v1/widget/messages",status="200"';
    assert.equal(figure(body, `http_request_seconds_count{${route}}`), 1);
    assert.ok(figure(body, `http_request_seconds_sum{${route}}`) > 0);
    assert.equal(figure(body, 'cloudchat_jobs{state="dead"}'), 0);
    assert.ok(figure(body, 'cloudchat_jobs{state="ready"}') >= 0);
    assert.equal(figure(body, 'cloudchat_sockets'), 0);
    assert.ok(figure(body, 'process_resident_memory_bytes') > 1e6);
    // Routes are templates: no ids, tokens or names.
    assert.doesNotMatch(body, /accounts\/\d|hidden|website_token|Bia|example\.com/);
    for (const line of body.trim().split('\n')) assert.match(line, /^(#.*|[a-z_]+(\{.*\})? [-+0-9.eInfNa]+|)$/);
    // Behind a proxy everybody seems to be this machine.
    assert.equal((await server.api('GET', '/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status, 404);
  });
}
