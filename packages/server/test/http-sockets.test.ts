import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { ask } from './ask.ts';
import { house } from './house.ts';

/** Sends bytes and gives back all that comes until the server ends the connection. */
function speak(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', chunk => {
      heard += chunk;
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', error => (heard === '' ? reject(error) : resolve(heard)));
  });
}
const statuses = (heard: string): string[] =>
  [...heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status = '']) => status);

test('smuggled and broken requests get one 400 and the end of the connection; the server goes on', async t => {
  const { url, port } = await house(t);
  const host = 'Host: localhost\r\n';
  const broken: Record<string, string> = {
    'two lengths': `POST /healthz HTTP/1.1\r\n${host}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcdGET / HTTP/1.1\r\n\r\n`,
    'length and chunks': `POST /healthz HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n${host}\r\n`,
    'chunked twice over': `POST /healthz HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    'a length that is none': `POST /healthz HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
    'bare line feeds': 'GET /healthz HTTP/1.1\nHost: localhost\n\n',
    'a header with a space before the colon': `GET /healthz HTTP/1.1\r\n${host}X-A : b\r\n\r\n`,
    'a folded header': `GET /healthz HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`,
    'NUL in a header': `GET /healthz HTTP/1.1\r\n${host}X-A: b\0c\r\n\r\n`,
    'two hosts': `GET /healthz HTTP/1.1\r\n${host}Host: rebound.example\r\n\r\n`,
    'no host': 'GET /healthz HTTP/1.1\r\n\r\n',
    'no HTTP': 'SSH-2.0-OpenSSH_9.9\r\n\r\n',
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    TLS: '\u0016\u0003\u0001\u0002\u0000',
    'a bad chunk': `POST /healthz HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
  };
  for (const [what, bytes] of Object.entries(broken)) {
    const heard = await speak(port, bytes);
    assert.deepEqual(statuses(heard), ['400'], `${what}: ${heard}`);
  }
  const told = await speak(port, 'nonsense\r\n\r\n');
  assert.match(told, /application\/problem\+json[\s\S]*"code":"request\.broken"/);
  assert.equal((await ask(url, '/healthz')).status, 200);
});

test('after a refused handshake the connection is gone, also where the other side keeps it open', async t => {
  const { port } = await house(t);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write('GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  const heard = await text(socket);
  assert.deepEqual(statuses(heard), ['404']);
  const cut = once(socket, 'error'); // what is written to nobody comes back as an error
  const writing = setInterval(() => socket.write('.'), 20);
  t.after(() => {
    clearInterval(writing);
    socket.destroy();
  });
  const late = setTimeout(() => socket.destroy(new Error('still open after 3 s')), 3_000);
  const [error] = await cut;
  clearTimeout(late);
  assert.match(error.code ?? error.message, /^(ECONNRESET|EPIPE)$/);
});

test('heads that are too large or have too many lines are 431', async t => {
  const { url, port } = await house(t);
  for (const path of ['/healthz', '/ws', '/api/v1/users/me']) {
    const large = await speak(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-A: ${'x'.repeat(65_536)}\r\n\r\n`);
    assert.deepEqual(statuses(large), ['431']);
    for (const count of [200, 2_500]) {
      const many = Array.from({ length: count }, () => 'a:').join('\r\n');
      const lines = await speak(
        port,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${many}\r\n\r\n`,
      );
      assert.deepEqual(statuses(lines), ['431'], `${count} lines: ${lines}`);
      assert.match(lines, /request\.head_too_large/);
    }
  }
  assert.equal((await ask(url, '/healthz')).status, 200);
});
