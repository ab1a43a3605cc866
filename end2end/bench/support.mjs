// What the figures of browsers have in common. Each is printed as one JSON line, in the form of end2end/load.

export const KB = 1024;

/** `bar` is the most that is allowed; `of` is `{ratio, what}`, something to compare with. */
export function print(name, value, unit, { bar, of = null } = {}) {
  const limit = bar === undefined ? null : { sign: '≤', value: bar };
  console.log(JSON.stringify({ name, database: '', value, unit, bar: limit, of }));
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** What a browser is sent for an address: its bytes, compressed as the server does it, and its text. */
export async function get(url, headers = {}) {
  const answer = await fetch(url, { headers: { 'accept-encoding': 'br, gzip', ...headers } });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const length = Number(answer.headers.get('content-length'));
  const text = await answer.text();
  return { bytes: length || Buffer.byteLength(text), text };
}

/** The settings of a server that is measured: nobody is refused for coming too often. */
export const UNLIMITED = { CLOUDCHAT_RATE_LIMITS: '100000' };
