import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { houseBehind } from './database-proxy.ts';
import { house } from './house.ts';
import { account, direct, openLine } from './people.ts';

/** Speaks HTTP by hand, hears this, and then neither reads nor writes nor hangs up. */
async function silentAfter(port: number, request: string, until: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {}); // cut off at the end, which is the point
  socket.write(request);
  let heard = '';
  while (!heard.includes(until)) heard += String((await once(socket, 'data'))[0]);
  socket.pause();
}

test('a shutdown waits for nobody who does not go: not logged in, deaf to the close, half a request', async t => {
  const { url, port, drain } = await house(t);
  const ana = await account(url, 'ana');
  const as = `Host: localhost\r\nAuthorization: Bearer ${ana.grant.accessToken}\r\n`;
  const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n';
  const key = `Sec-WebSocket-Key: ${Buffer.from('0123456789abcdef').toString('base64')}\r\n`;
  const stranger = openLine(url);
  await once(stranger.ws, 'open');
  await silentAfter(port, `GET /ws HTTP/1.1\r\n${as}${upgrade}${key}\r\n`, '"ready"');
  await silentAfter(port, `GET /api/v1/events HTTP/1.1\r\n${as}\r\n`, '"ready"');
  await silentAfter(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\n', 'alive');
  const begin = performance.now();
  await drain();
  const seconds = (performance.now() - begin) / 1_000;
  assert.ok(seconds < 9, `it took ${seconds} s`);
  const { code, message } = await stranger.next('closing');
  assert.deepEqual([code, message], [1012, 'This server restarts.'], 'who has not logged in hears it, too');
});

test('promise 6: whoever waits for an answer that does not come is sent on by a shutdown all the same, in words', async t => {
  const { url, proxy, drain } = await houseBehind(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { ws, ask } = await ana.connect(t);
  const heal = proxy.freeze();
  const asked = { clientId: randomUUID(), text: 'nobody will answer' };
  void ask({ type: 'message.send', conversationId: room, ...asked }).catch(() => {});
  await ask({ type: 'ping' }); // by now the server has read both
  const ended = once(ws, 'close');
  void drain();
  const [code, reason] = await ended;
  heal();
  assert.deepEqual([code, /^This server restarts\. retry-after-ms=\d+$/.test(String(reason))], [1012, true]);
  await drain();
});
