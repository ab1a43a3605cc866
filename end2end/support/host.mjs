// Somebody's web page on another site, which embeds the chat.
import { createServer } from 'node:http';

/**
 * Serves pages of plain HTML at `http://localhost:<port>`: `pages` maps paths to HTML, or is the HTML of `/`.
 * `headers` go with every page (say a Content-Security-Policy). `set` changes a page later.
 * With `t` (a node:test context) it is closed when that test ends.
 */
export async function hostPages(pages, { t, headers = {} } = {}) {
  const known = new Map(Object.entries(typeof pages === 'string' ? { '/': pages } : pages));
  const requests = [];
  const server = createServer((request, response) => {
    const path = request.url.split('?')[0];
    requests.push(request.url);
    const html = known.get(path);
    if (html === undefined) {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = {
    url: `http://localhost:${server.address().port}`,
    requests,
    set: (path, html) => known.set(path, html),
    close: () => {
      server.closeAllConnections?.();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  t?.after(() => host.close());
  return host;
}

/** A small shop page with the given script pasted before the end of its body. */
export function shopPage(script, { title = 'Loja Aurora', lang = 'pt-BR' } = {}) {
  return `<!doctype html>
<html lang="${lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
</head>
<body>
  <main><h1>${title}</h1><p>Frete grátis acima de R$ 199.</p><a href="/produto">Ver produto</a></main>
  ${script}
</body>
</html>`;
}
