import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { closes } from '@carpenter/protocol';
import { ask } from '../ask.ts';
import { house } from '../house.ts';
import { account, group, type Person } from '../people.ts';
import { talking } from './bystanders.ts';
import { closeFrame, frame, opcode, openRaw, type RawSocket, text } from './raw.ts';

async function scene(t: TestContext) {
  const { url, port } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben, eve]);
  return { url, port, eve, room, ana, bystanders: await talking(t, ana, ben, room, 200) };
}

/** Sends a head, and then a byte a second. @returns all that came until the end */
async function drip(t: TestContext, port: number, head: string, byte: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.setEncoding('latin1').write(head);
  const writing = setInterval(() => socket.write(byte), 1_000);
  t.after(() => {
    clearInterval(writing);
    socket.destroy();
  });
  let heard = '';
  socket.on('data', chunk => {
    heard += chunk;
  });
  await once(socket, 'close');
  clearInterval(writing);
  return heard;
}

// Side by side, since they wait for the same half minute.
describe('slow and heavy requests', { concurrency: true }, () => {
  test('promise 6: heads that come a byte a second end in 408 after ten seconds, bodies within half a minute, and others do not notice', async t => {
    const { url, port, eve, bystanders } = await scene(t);
    const as = `Host: localhost\r\nAuthorization: Bearer ${eve.grant.accessToken}\r\n`;
    const json = 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    const kinds = [
      `GET /api/v1/users/me HTTP/1.1\r\n${as}X-Slow: `,
      `POST /api/v1/commands HTTP/1.1\r\n${as}${json}`,
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n${json}`,
      `POST /api/v1/media?name=a.txt HTTP/1.1\r\n${as}Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\n`,
      `POST /api/v1/commands HTTP/1.1\r\n${as}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    ];
    const began = performance.now();
    const slow = kinds.flatMap((head, i) =>
      Array.from({ length: 8 }, () => drip(t, port, head, i === 4 ? '1\r\n \r\n' : 'x')),
    );
    assert.equal((await ask(url, '/healthz')).status, 200);
    const passed = () => (performance.now() - began) / 1_000;
    await Promise.all(slow.slice(0, 8));
    assert.ok(passed() > 9 && passed() < 20, `heads ended after ${passed()} s`);
    for (const heard of await Promise.all(slow)) {
      assert.match(heard, /^HTTP\/1\.1 408 [\s\S]*"code":"request\.too_slow"/, heard);
      assert.equal(heard.split('HTTP/1.1').length, 2, 'one answer');
    }
    assert.ok(passed() > 25 && passed() < 40, `bodies ended after ${passed()} s`);
    assert.ok((await bystanders.silent()).messages > 10);
  });

  test('promise 6: cookies of 64 kB and a handshake with 2,500 lines end in 431 with words, and the process lives', async t => {
    const { url, port, bystanders } = await scene(t);
    const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n';
    const heads = {
      'a cookie': `Cookie: a=${'x'.repeat(65_536)}\r\n`,
      'many cookies': Array.from({ length: 300 }, (_, i) => `Cookie: a${i}=${'x'.repeat(200)}\r\n`).join(''),
      'many lines of a handshake': upgrade + Array.from({ length: 2_500 }, (_, i) => `X-${i}: 1\r\n`).join(''),
      'many offers of a handshake': `${upgrade}Sec-WebSocket-Protocol: ${'a, '.repeat(10_000)}a\r\n`,
    };
    for (const [what, head] of Object.entries(heads)) {
      const heard = await drip(t, port, `GET /ws HTTP/1.1\r\nHost: localhost\r\n${head}\r\n`, '');
      assert.match(heard, /^HTTP\/1\.1 431 [\s\S]*"code":"request\.head_too_large"/, what);
    }
    assert.equal((await ask(url, '/healthz')).status, 200);
    assert.ok((await bystanders.silent()).messages > 0);
  });
});

interface Flood {
  readonly expected: 'tooFast' | 'malformed';
  frame(room: string, eve: Person): Buffer[];
}
const floods: Readonly<Record<string, Flood>> = {
  pings: { expected: 'tooFast', frame: () => [frame(opcode.ping, 'x'.repeat(125))] },
  'pongs that nobody asked for': { expected: 'tooFast', frame: () => [frame(opcode.pong)] },
  typing: { expected: 'tooFast', frame: conversationId => [text({ type: 'typing', conversationId, active: true })] },
  'typing elsewhere': {
    expected: 'tooFast',
    frame: () => [text({ type: 'typing', conversationId: randomUUID(), active: true })],
  },
  'renewals of the token': {
    expected: 'tooFast',
    frame: (_, { grant }) => [text({ type: 'auth', token: grant.accessToken })],
  },
  'messages in many empty fragments': {
    expected: 'tooFast',
    frame: () => [
      frame(opcode.text, '{"type":"ping"}', { fin: false }),
      ...Array.from({ length: 20 }, () => frame(opcode.continuation, '', { fin: false })),
      frame(opcode.continuation),
    ],
  },
  'bytes in few frames': { expected: 'tooFast', frame: () => [text({ type: 'ping', pad: 'x'.repeat(60_000) })] },
  'commands that there are not': { expected: 'malformed', frame: () => [text({ type: 'nothing.of.ours' })] },
  'empty texts': { expected: 'malformed', frame: () => [frame(opcode.text)] },
};

test('promise 6: floods of every kind meet one budget of the connection and end in words, and two people beside it talk on', async t => {
  const { port, eve, room, bystanders } = await scene(t);
  await bystanders.during(async () => {
    for (const [what, { expected, frame: make }] of Object.entries(floods)) {
      const raw = await openRaw(t, port, eve.grant.accessToken);
      const ended = raw.end();
      for (let i = 0; i < 700 && !raw.socket.destroyed; i++) raw.send(...make(room, eve));
      const { code, reason, closing } = await ended;
      assert.equal(code, closes[expected].code, what);
      assert.ok(reason.startsWith(closes[expected].words), `${what}: ${reason}`);
      if (expected === 'tooFast') {
        assert.match(reason, /retry-after-ms=\d+/, what);
        assert.ok((closing?.retryAfterMs ?? 0) > 0, what);
      }
    }
  });
  assert.ok((await bystanders.silent()).messages > 0);
});

test('frames, pings and pongs of one connection are counted together', async t => {
  const { port, eve } = await scene(t);
  const raw: RawSocket = await openRaw(t, port, eve.grant.accessToken);
  const ended = raw.end();
  for (let i = 0; i < 210; i++) raw.send(frame(opcode.ping), frame(opcode.pong), text({ type: 'ping' }));
  assert.equal((await ended).code, closes.tooFast.code);
  const calm = await openRaw(t, port, eve.grant.accessToken);
  for (let i = 0; i < 150; i++) calm.send(frame(opcode.ping), frame(opcode.pong), text({ type: 'ping' }));
  calm.send(closeFrame(1000));
  assert.equal((await calm.end()).code, 1000, 'fewer than 600 a minute are fine');
});
