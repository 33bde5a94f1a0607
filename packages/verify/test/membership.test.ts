import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'node:test';
import type { Message } from '@carpenter/protocol';
import { createMembership } from '../src/membership.ts';
import type { WithoutTime } from '../src/world/types.ts';

const [conv, owner, user] = [randomUUID(), randomUUID(), randomUUID()];
const removed: Message = {
  id: randomUUID(),
  clientId: randomUUID(),
  conversationId: conv,
  seq: 1,
  rev: 8,
  sender: owner,
  type: 'system',
  text: '',
  system: { kind: 'removed', userId: user },
  createdAt: '2026-11-30T07:00:00.000Z',
};

test('a change of members that is acknowledged before the log tells of it is written down, and goes on when it does', async t => {
  let asked = 0;
  const server = createServer(({ method }, response) => {
    if (method === 'DELETE') {
      response.writeHead(204).end();
      return;
    }
    asked += 1;
    const messages = asked > 2 ? [removed] : [];
    response.end(JSON.stringify({ messages, hasBefore: false, hasAfter: false }));
  }).listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);

  const written: WithoutTime[] = [];
  const record = { now: () => 0, write: (entry: WithoutTime) => void written.push(entry), async close() {} };
  const token = async () => 'none';
  const membership = createMembership(`http://127.0.0.1:${address.port}`, record, t.signal, () => 0);
  await membership.change({ userId: owner, token, renew: token }, conv, user, 'out');
  assert.deepEqual(written, [
    { f: 'untold', conv, user, is: 'out' },
    { f: 'member', t: 0, conv, user, is: 'out', rev: 7 },
  ]);
});
