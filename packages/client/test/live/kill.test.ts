import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type TestContext } from 'node:test';
import type { Message } from '@carpenter/protocol';
import { durable, house } from '../../../server/test/house.ts';
import { createClient } from '../../src/index.ts';
import { fileStorage } from '../../src/node.ts';
import { newcomer, online, open, password, textsOf, until } from '../world.ts';

/** A program of this folder; killed when the test ends. Resolves with its first line. */
async function run(t: TestContext, program: string, ...args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, line };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

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
  const databaseUrl = await durable(t);
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
