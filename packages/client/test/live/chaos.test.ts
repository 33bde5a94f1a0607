import assert from 'node:assert/strict';
import test from 'node:test';
import { chanceOf } from '../../../server/test/chance.ts';
import { house } from '../../../server/test/house.ts';
import type { Client, ConversationHandle, StoredMessage } from '../../src/index.ts';
import { proxyTo, type Way } from '../proxy.ts';
import { newcomer, online, open, textsOf, until } from '../world.ts';

interface Writer {
  readonly client: Client;
  readonly proxy: Way;
  readonly room: ConversationHandle;
}
const each = 40;

test('promises 2, 3, 4: three people write, change and read while their connections break; in the end all see the same, each message once', async t => {
  const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1e9));
  t.diagnostic(`CHAOS_SEED=${seed}`);
  const random = chanceOf(seed);
  const { url } = await house(t, { heartbeatMs: 500 });
  const proxies = [await proxyTo(t, url), await proxyTo(t, url), await proxyTo(t, url)];
  const people = await Promise.all(
    proxies.map(async (proxy, i) => ({
      proxy,
      ...(await newcomer(t, proxy.url, `person${i}`, { random: () => random() * 0.2 })),
    })),
  );
  const id = await (people[0]?.client.beginGroup(
    'All',
    people.slice(1).map(p => p.id),
  ) ?? '');
  const writers: Writer[] = people.map(p => ({ ...p, room: open(t, p.client, id) }));
  for (const { room } of writers) await until(room.timeline, v => v.phase === 'ready', 'the room');

  await Promise.all(writers.map((writer, i) => write(writer, i, random)));
  for (const { proxy } of writers) proxy.heal();
  for (const { client } of writers) {
    client.retryNow();
    await online(client);
    await until(client.outbox, unsent => unsent.length === 0, 'an empty outbox');
  }

  const total = writers.length * each;
  const whole = (room: ConversationHandle) => textsOf(room.timeline.get()).length === total;
  for (const { room } of writers) {
    await until(room.timeline, v => textsOf(v).length >= total || v.hasOlder, 'all messages');
    while (room.timeline.get().hasOlder) await room.loadOlder();
    await until(room.timeline, () => whole(room), 'all messages');
  }
  const rows = (room: ConversationHandle) =>
    room.timeline
      .get()
      .messages.filter((m): m is StoredMessage => m.kind === 'stored')
      .map(m => m.message);

  // somebody new, who has only what the server has
  const { client, id: witness } = await newcomer(t, url, 'witness');
  await people[0]?.client.addMembers(id, [witness]);
  const truth = client.conversation(id);
  t.after(truth.timeline.subscribe(() => {}));
  await until(truth.timeline, v => v.phase === 'ready', 'the truth');
  while (truth.timeline.get().hasOlder) await truth.loadOlder();
  const last = truth.timeline.get().lastSeq;
  for (const { room, client: own } of writers) {
    await until(room.timeline, v => v.lastSeq === last, 'the last one');
    await until(room.timeline, () => JSON.stringify(rows(room)) === JSON.stringify(rows(truth)), 'the same');
    room.markRead(last);
    await until(own.conversations, list => list?.[0]?.unread === 0, 'nothing unread');
  }
  for (const i of writers.keys()) {
    const own = rows(truth).flatMap(m => (m.text.startsWith(`${i}/`) ? [m.text.slice(0, 5)] : []));
    assert.deepEqual(
      own,
      Array.from({ length: each }, (_, n) => `${i}/${String(n).padStart(3, '0')}`),
      'in order, once',
    );
  }
});

/** Writes all of its messages; every few of them something breaks, an old one is changed, or the newest is read. */
async function write({ client, proxy, room }: Writer, i: number, random: () => number): Promise<void> {
  for (let n = 0; n < each; n++) {
    const sent = room.send(`${i}/${String(n).padStart(3, '0')}`);
    const luck = random();
    if (luck < 0.1) {
      proxy.cut();
      await until(client.connection, c => c.phase !== 'online', 'the break');
      proxy.heal();
    } else if (luck < 0.14) {
      proxy.freeze();
      await until(client.connection, c => c.phase !== 'online', 'the silence');
      proxy.heal();
    } else if (luck < 0.5) {
      const message = await room.stored(sent).catch(() => undefined);
      if (message && random() < 0.4) await room.edit(message.seq, `${message.text} changed`).catch(() => {});
    } else if (luck < 0.7) room.markRead(Math.max(1, room.timeline.get().lastSeq));
  }
}
