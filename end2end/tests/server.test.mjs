// The binary itself: it starts on nothing, ends in good order and comes back on its data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasPostgres, startServer } from '../support/index.mjs';

for (const postgres of [false, true]) {
  const name = postgres ? 'PostgreSQL' : 'SQLite';
  const skip = postgres && !hasPostgres && 'no TEST_POSTGRES_URL';

  test(`on ${name} the server starts, ends and comes back`, { skip }, async (t) => {
    const server = await startServer({ t, postgres });
    const admin = await server.admin();
    assert.ok(admin.access_token);
    assert.equal(await server.stop(), 0);

    await server.start();
    const profile = await server.api('GET', '/api/v1/profile', { token: admin.access_token });
    assert.equal(profile.status, 200);
    assert.equal(profile.body.email, admin.email);

    await server.kill();
    await server.start();
    const health = await server.api('GET', '/health');
    assert.equal(health.status, 200);
    assert.equal(await server.stop(), 0);
  });
}
