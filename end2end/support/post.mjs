// Mail servers that know one mailbox: enough IMAP and SMTP for the dashboard's tests. The real ones are in server/post.
import { createServer } from 'node:net';

const USER = 'suporte';
const PASSWORD = 'geheim';

const listen = (visit) =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      visit(socket);
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

/** Calls back with each line that arrives. */
function lines(socket, hear) {
  let rest = '';
  socket.on('data', (chunk) => {
    rest += chunk.toString('utf8');
    for (let at = rest.indexOf('\r\n'); at >= 0; at = rest.indexOf('\r\n')) {
      const line = rest.slice(0, at);
      rest = rest.slice(at + 2);
      hear(line);
    }
  });
}

/** The token of an answer to XOAUTH2. */
const tokenIn = (answer) => /auth=Bearer ([^\x01]*)/.exec(Buffer.from(answer, 'base64').toString())?.[1];

/** A mailbox with these mails; `add` puts one more into it. With `isGood` it takes tokens instead of the password. */
export async function startImap(mails, { isGood } = {}) {
  const server = await listen((socket) => {
    socket.write('* OK ready\r\n');
    let asked;
    lines(socket, (line) => {
      if (asked) {
        const outcome = isGood(tokenIn(line)) ? 'OK done' : 'NO [AUTHENTICATIONFAILED] Invalid credentials.';
        socket.write(`${asked} ${outcome}\r\n`);
        asked = undefined;
        return;
      }
      const [tag, ...words] = line.split(' ');
      const command = words.join(' ');
      const uids = mails.map((mail, index) => ({ mail, uid: index + 1 }));
      let said = '';
      if (command === 'CAPABILITY') said = `* CAPABILITY IMAP4rev1${isGood ? ' AUTH=XOAUTH2' : ''}\r\n`;
      else if (command === 'AUTHENTICATE XOAUTH2') {
        asked = tag;
        socket.write('+ \r\n');
        return;
      }
      else if (command.startsWith('LOGIN') && !command.endsWith(`"${PASSWORD}"`)) {
        socket.write(`${tag} NO [AUTHENTICATIONFAILED] Wrong password.\r\n`);
        return;
      } else if (command === 'EXAMINE INBOX') {
        said = `* ${mails.length} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT ${mails.length + 1}] ok\r\n`;
      } else if (command.includes('RFC822.SIZE')) {
        said = uids.map(({ mail, uid }) => `* ${uid} FETCH (UID ${uid} RFC822.SIZE ${Buffer.byteLength(mail)})\r\n`).join('');
      } else if (command.includes('BODY.PEEK')) {
        said = uids
          .map(({ mail, uid }) => `* ${uid} FETCH (UID ${uid} BODY[] {${Buffer.byteLength(mail)}}\r\n${mail})\r\n`)
          .join('');
      }
      socket.write(`${said}${tag} OK done\r\n`);
    });
  });
  return { port: server.address().port, add: (mail) => mails.push(mail), close: () => server.close() };
}

/** Takes every mail; they are in `taken` as `{ to, text }`. With `isGood` it takes tokens instead of the password. */
export async function startSmtp({ isGood } = {}) {
  const taken = [];
  const server = await listen((socket) => {
    let to = [];
    let text;
    const say = (line) => socket.write(`${line}\r\n`);
    say('220 ready');
    lines(socket, (line) => {
      if (text !== undefined) {
        if (line !== '.') {
          text += `${line}\r\n`;
          return;
        }
        taken.push({ to, text });
        [to, text] = [[], undefined];
        say('250 queued');
        return;
      }
      const word = line.split(' ')[0].toUpperCase();
      if (word === 'EHLO') say(`250-mx\r\n250 AUTH ${isGood ? 'XOAUTH2' : 'PLAIN'}`);
      else if (word === 'AUTH') {
        const good = Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64');
        const isRight = isGood ? isGood(tokenIn(line.split(' ').at(-1))) : line.endsWith(good);
        say(isRight ? '235 ok' : '535 5.7.8 Wrong password.');
      } else if (word === 'RCPT') {
        to.push(/<(.*)>/.exec(line)[1]);
        say('250 ok');
      } else if (word === 'DATA') {
        text = '';
        say('354 go on');
      } else if (word === 'QUIT') socket.end('221 bye\r\n');
      else say('250 ok');
    });
  });
  return { port: server.address().port, taken, close: () => server.close() };
}
