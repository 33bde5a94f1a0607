import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { defaults } from '../../src/config.ts';
import { house } from '../house.ts';
import { account, group } from '../people.ts';
import { houseApart } from './apart.ts';
import { handshake } from './raw.ts';

// What the generated tests beside this one have found, each by its name.

test('the first drafts of one room from many devices at the same moment: the greatest counts, and none is a fault of ours', async t => {
  const { url } = await house(t);
  const eve = await account(url, 'eve');
  for (let round = 0; round < 10; round++) {
    const room = await group(eve, []);
    const writtenAt = new Date().toISOString();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        eve.http('PUT', `/conversations/${room}/draft`, { text: `device ${String(i).padStart(2, '0')}`, writtenAt }),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const { body } = await eve.http('GET', '/drafts?limit=1');
    assert.ok(JSON.stringify(body).includes('device 11'), JSON.stringify(body));
  }
});

test('promise 6: a request that names no host is refused in words, not by an empty 400', async t => {
  const { port } = await house(t);
  const heard = await text(
    connect(port, '127.0.0.1').end('GET /api/v1/users/me HTTP/1.1\r\nConnection: close\r\n\r\n'),
  );
  assert.match(heard, /^HTTP\/1\.1 400 [\s\S]*"code":"request\.broken"/);
});

const somaxconn = '/proc/sys/net/core/somaxconn';
const queueMax = existsSync(somaxconn) ? Number(readFileSync(somaxconn, 'utf8')) : 0;

test('promise 6: 1,000 who come while the server stands still for a moment wait at its door, and each hears a word', {
  skip: queueMax < 1_000 && 'The kernel lets fewer wait.',
}, async t => {
  const { port, standStill } = await houseApart(t, { rates: { ...defaults.rates, connectionsPerAddress: 5_000 } });
  const goOn = standStill();
  const sockets = Array.from({ length: 1_000 }, () => connect(port, '127.0.0.1'));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map(socket => once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })));
  goOn();
  await Promise.all(
    sockets.map(async socket => {
      socket.write(handshake());
      const [first] = await once(socket, 'data');
      assert.match(String(first), /^HTTP\/1\.1 101/);
    }),
  );
});
