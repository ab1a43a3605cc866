// A mail provider at which people sign in: a page that asks, codes with PKCE, refresh tokens that change. The same as in
// server/post/tests/support/provider.rs, for a browser.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const CLIENT = { id: 'client-7', secret: 'secret-7' };

const base64url = (text) => Buffer.from(text).toString('base64url');

/** A provider where `email` is signed in. `revoke()` takes all tokens back; `isGood(token)` is what its mail servers ask. */
export async function startProvider(email) {
  const codes = new Map();
  const access = new Set();
  const refresh = new Set();
  const provider = { email, isGood: (token) => access.has(token) };

  const page = (url, response) => {
    const asked = Object.fromEntries(url.searchParams);
    const code = randomUUID();
    codes.set(code, asked);
    const back = new URL(asked.redirect_uri);
    back.search = new URLSearchParams({ state: asked.state, code, scope: asked.scope });
    const denied = new URL(asked.redirect_uri);
    denied.search = new URLSearchParams({ state: asked.state, error: 'access_denied' });
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Sign in</title><p>${provider.email}</p>
      <a id="allow" href="${back}">Allow</a> <a id="deny" href="${denied}">Deny</a>`);
  };

  const token = (form, response) => {
    const say = (status, body) => {
      response.statusCode = status;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (form.get('client_id') !== CLIENT.id || form.get('client_secret') !== CLIENT.secret) {
      return say(401, { error: 'invalid_client' });
    }
    if (form.get('grant_type') === 'refresh_token') {
      if (!refresh.delete(form.get('refresh_token'))) return say(400, { error: 'invalid_grant', error_description: 'Token revoked.' });
    } else {
      const asked = codes.get(form.get('code'));
      codes.delete(form.get('code'));
      const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      if (asked?.code_challenge !== proof || asked.redirect_uri !== form.get('redirect_uri')) return say(400, { error: 'invalid_grant' });
    }
    const [opens, renews] = [randomUUID(), randomUUID()];
    access.add(opens);
    refresh.add(renews);
    const claims = { aud: CLIENT.id, sub: '17', email: provider.email, email_verified: true, name: 'Suporte Loja' };
    const id_token = `e30.${base64url(JSON.stringify(claims))}.x`;
    return say(200, { access_token: opens, refresh_token: renews, token_type: 'Bearer', expires_in: 3599, id_token });
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://provider');
    if (url.pathname === '/authorize') return page(url, response);
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => token(new URLSearchParams(body), response));
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(provider, {
    revoke() {
      access.clear();
      refresh.clear();
    },
    /** What a server must know of it; `imap` and `smtp` are its mail servers. */
    env: (imap, smtp) => ({
      GOOGLE_CLIENT_ID: CLIENT.id,
      GOOGLE_CLIENT_SECRET: CLIENT.secret,
      GOOGLE_AUTH_URL: `${base}/authorize`,
      GOOGLE_TOKEN_URL: `${base}/token`,
      GOOGLE_IMAP_URL: `imap+plain://127.0.0.1:${imap.port}`,
      GOOGLE_SMTP_URL: `smtp+plain://127.0.0.1:${smtp.port}`,
    }),
    close: () => server.close(),
  });
}
