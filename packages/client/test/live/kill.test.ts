import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { Message } from '@carpenter/protocol';
import { house, migrated } from '../../../server/test/house.ts';
import { createClient } from '../../src/index.ts';
import { fileStorage } from '../../src/node.ts';
import { newcomer, online, open, password, textsOf, until } from '../world.ts';
import { killAround } from './kill-around.ts';
import { kill, run } from './processes.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));

test('promises 2 and 3: a program that is killed while it sends goes on where it was: everything arrives once and in order', async t => {
  const { url } = await house(t);
  const ben = await newcomer(t, url, 'ben');
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-client-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'ana.json');
  const ana = createClient({ url, storage: await fileStorage(file) });
  await ana.register({ username: 'ana', password });
  await online(ana);
  const id = await ana.beginDirect(ben.id);
  await ana.close();
  const bens = open(t, ben.client, id);

  const count = 200;
  const first = spawn(process.execPath, [join(import.meta.dirname, 'writer-process.ts'), url, file, id, String(count)]);
  t.after(() => first.kill('SIGKILL'));
  await until(bens.timeline, v => textsOf(v).length >= 50, 'some of them');
  await kill(first);
  const arrived = textsOf(bens.timeline.get()).length;
  assert.ok(arrived < count, 'it was killed in the middle');
  assert.equal((await run(t, 'writer-process.ts', url, file, id, '0')).line, 'done');
  await until(bens.timeline, v => textsOf(v).length >= count, 'all of them');
  assert.deepEqual(textsOf(bens.timeline.get()), numbers(count));
});

test('promises 1 and 2: the server is killed in the middle of 1,000 sends and comes back: every acknowledged message is there, none twice', async t => {
  const databaseUrl = await migrated(t); // what is killed is not the database
  const server = await run(t, 'server-process.ts', databaseUrl);
  const url = server.line;
  const ana = await newcomer(t, url, 'ana', { random: () => 0.2 });
  const rooms = await Promise.all(numbers(5).map(n => ana.client.beginGroup(`Room ${n}`, [])));
  const acknowledged: Message[] = [];
  let halfway = () => {};
  const half = new Promise<void>(resolve => {
    halfway = resolve;
  });
  const sends = rooms.flatMap(id =>
    numbers(200).map(async text => {
      const room = ana.client.conversation(id);
      acknowledged.push(await room.stored(room.send(text)));
      if (acknowledged.length === 300) halfway();
    }),
  );
  await half;
  await kill(server.child);
  const before = [...acknowledged];
  await run(t, 'server-process.ts', databaseUrl, new URL(url).port);
  await Promise.all(sends);

  const stored = new Map<string, Message>();
  for (const id of rooms) {
    const room = open(t, ana.client, id);
    await until(room.timeline, v => v.phase === 'ready', 'the messages');
    while (room.timeline.get().hasOlder) await room.loadOlder();
    assert.deepEqual(textsOf(room.timeline.get()), numbers(200));
    for (const m of room.timeline.get().messages) if (m.kind === 'stored') stored.set(m.message.id, m.message);
  }
  assert.ok(before.length >= 300 && before.length < 1_000);
  for (const message of before) assert.equal(stored.get(message.id)?.text, message.text);
});

test('promises 1 and 2: a server that is killed just before its COMMIT, at the answer to it or at the acknowledgement comes back with each message once', t =>
  killAround(t, 1));
