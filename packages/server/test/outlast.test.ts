import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, heads } from '@carpenter/protocol';
import { houseBehind } from './database-proxy.ts';
import { account, group } from './people.ts';
import { sent } from './sent.ts';

test('promise 4: a question that a restart of the database cut off is answered when it is back; a long one is refused with a wait, then at once', async t => {
  const { url, proxy } = await houseBehind(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const rooms = await Promise.all(Array.from({ length: 8 }, () => group(ana, [ben])));
  for (const room of rooms) await sent(ana, room, 'hello');
  const line = await ben.connect(t);
  const back = proxy.cut();
  const asked = [
    ...rooms.map(room => line.ask({ type: 'sync', conversationId: room, since: 0 })),
    line.ask({ type: 'heads' }),
  ];
  while (proxy.cutInVain() < 4) await new Promise(setImmediate);
  back();
  const answers = await Promise.all(asked);
  for (const [i, room] of rooms.entries()) assert.equal(changes.parse(answers[i]).conversationId, room);
  assert.equal(heads.parse(answers.at(-1)).heads.length, rooms.length);

  const repaired = proxy.cut();
  const took: number[] = [];
  for (let i = 0; i < 2; i++) {
    const at = performance.now();
    const refused = await line.ask({ type: 'heads' });
    assert.ok(refused.type === 'error' && refused.code === 'storage_unavailable', JSON.stringify(refused));
    assert.ok((refused.retryAfterMs ?? 0) > 0);
    took.push(performance.now() - at);
  }
  const [first = 0, second = 0] = took;
  assert.ok(first >= 2_500 && second < first / 2, `refused after ${first} ms, and then ${second}`);
  repaired();
});
