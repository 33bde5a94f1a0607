import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Id, Message } from '@carpenter/protocol';
import fc from 'fast-check';
import { ClientError, unreachable } from '../src/error.ts';
import { cell } from '../src/observable.ts';
import { createOutbox, type Outbox, type OwnUploads } from '../src/outbox/outbox.ts';
import { add, type Entry, emptyQueue, fail, nextAt, takeOff } from '../src/outbox/queue.ts';
import { memoryStorage } from '../src/storage/memory.ts';
import { openStorage, type SafeStorage } from '../src/storage/storage.ts';
import type { Tabs } from '../src/tabs.ts';
import type { Storage } from '../src/types/basics.ts';
import { until } from './world.ts';

const me = '00000000-0000-4000-8000-000000000001';
const rooms = ['00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000a2'] as const;
const oneTab: Tabs = {
  alone: (_, run) => run(),
  lead: (_, signal, lead) => signal.aborted || lead(),
  tell: () => {},
  heard: () => {},
  close: () => {},
};

const noUploads: OwnUploads = {
  all: cell([]),
  known: () => true,
  find: () => undefined,
  putInMessage: () => {},
  takeOut: () => {},
  retry: () => {},
  cancel: () => {},
  forget: () => {},
};

type Fate = 'stored' | 'answer lost' | 'lost' | 'busy' | 'refused';

/** Stores by `clientId`, like the real one, and meets each request with the next fate. */
function server() {
  const stored = new Map<Id, Message[]>(rooms.map(room => [room, []]));
  const refused = new Set<Id>();
  const fates: Fate[] = [];
  let underWay = 0;
  return {
    fates,
    refused,
    in: (room: Id) => stored.get(room) ?? [],
    underWay: () => underWay,
    post(entry: Entry): Promise<Message> {
      underWay++;
      return answer(entry).finally(() => underWay--);
    },
  };
  async function answer({ clientId, conversationId, text }: Entry): Promise<Message> {
    await turn();
    const fate = fates.shift() ?? 'stored';
    if (fate === 'lost') throw unreachable();
    if (fate === 'busy') throw new ClientError('overloaded', 'busy', { retryAfterMs: 0 });
    const log = stored.get(conversationId) ?? [];
    const known = log.find(m => m.clientId === clientId);
    if (fate === 'refused' && !known) {
      refused.add(clientId);
      throw new ClientError('message.too_long', 'refused');
    }
    const seq = log.length + 1;
    const createdAt = '2026-11-24T09:26:00.000Z';
    const fresh: Message = {
      id: clientId,
      clientId,
      conversationId,
      seq,
      rev: seq,
      sender: me,
      type: 'text',
      text,
      createdAt,
    };
    if (!known) log.push(fresh);
    await turn();
    if (fate === 'answer lost') throw unreachable();
    return known ?? fresh;
  }
}

/** A process with an outbox; after `crash` nothing that it still does reaches the storage or the server. */
function start(
  storage: Storage | SafeStorage,
  post: (entry: Entry) => Promise<Message>,
  tabs: Tabs = oneTab,
  /** The clock stands still: order must not come from it. */
  { now = () => 0, random = () => 0 }: { now?: () => number; random?: () => number } = {},
): { outbox: Outbox; crash(): void } {
  let alive = true;
  const never = () => new Promise<never>(() => {});
  const outbox = createOutbox({
    me,
    tabs,
    now,
    serverNow: now,
    random,
    uploads: noUploads,
    post: entry => (alive ? post(entry) : never()),
    storage: {
      ...storage,
      get lasting() {
        return storage.lasting;
      },
      get lost() {
        return 'lost' in storage && storage.lost;
      },
      async write(key, value) {
        await turn(); // a crash may come before it is written
        return alive ? storage.write(key, value) : never();
      },
    },
  });
  outbox.online(true);
  return {
    outbox,
    crash() {
      alive = false;
      outbox.online(false);
    },
  };
}

const write = (n: 0 | 1) => ({ do: 'write' as const, room: rooms[n] });
const wait = (turns: number) => ({ do: 'wait' as const, turns });
const crash = { do: 'crash' as const };

const fate = fc.constantFrom<Fate>('stored', 'answer lost', 'lost', 'busy', 'refused');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), room: fc.constantFrom(...rooms) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'cut' as const) }) },
);

test('promises 2 and 3: whatever crashes, breaks or is refused between any two steps, what was kept is stored once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40, size: 'max' }),
      fc.array(fate, { maxLength: 30 }),
      async (steps, fates) => {
        const storage = memoryStorage();
        const house = server();
        house.fates.push(...fates);
        let process = start(storage, house.post);
        let written = 0;
        for (const s of steps) {
          if (s.do === 'write') process.outbox.add(s.room, String(++written));
          else if (s.do === 'wait') for (let n = 0; n < s.turns; n++) await turn();
          else if (s.do === 'crash') {
            process.crash();
            process = start(storage, house.post);
          } else {
            process.outbox.online(false);
            process.outbox.online(true);
          }
        }
        await turn();
        await turn();
        const kept = await storage.list('outbox/');
        house.fates.length = 0;
        await until(process.outbox.messages, list => list.every(m => m.status.is === 'failed'), 'an end');
        for (const room of rooms) {
          const numbers = house.in(room).map(m => Number(m.text));
          assert.deepEqual(
            numbers,
            numbers.toSorted((a, b) => a - b),
            'in the order of writing',
          );
          assert.equal(new Set(numbers).size, numbers.length, 'once');
        }
        const stored = new Set(rooms.flatMap(room => house.in(room).map(m => m.clientId)));
        for (const entry of kept) {
          const id = String(entry && typeof entry === 'object' && 'clientId' in entry && entry.clientId);
          assert.ok(stored.has(id) || house.refused.has(id), 'nothing that was kept is gone');
        }
        // two connections may have asked for one message: the second answer may take out what the first said had failed
        while (house.underWay() > 0) await turn();
        await turn();
        await turn();
        assert.equal(
          (await storage.list('outbox/')).length,
          process.outbox.messages.get().length,
          'nothing else is kept',
        );
        process.crash();
      },
    ),
    {
      numRuns: 300,
      // once lost the order: written before the storage was read, and a refusal that a crash forgot
      examples: [
        [[write(1), write(1), wait(1), crash, write(1), wait(1), crash], []],
        [
          [write(0), write(1), write(1), wait(3), crash],
          ['stored', 'refused'],
        ],
        [
          [write(0), write(1), write(1), wait(4), crash],
          ['stored', 'refused'],
        ],
      ],
    },
  );
});

test('a message that is refused for good says why, and does not hold up the ones behind it', async () => {
  const house = server();
  house.fates.push('refused');
  const { outbox } = start(memoryStorage(), house.post);
  const first = outbox.add(rooms[0], 'too long');
  const second = outbox.add(rooms[0], 'fine');
  await assert.rejects(outbox.stored(first), { code: 'message.too_long' });
  await outbox.stored(second);
  const [failed] = outbox.messages.get();
  assert.deepEqual(failed?.status, { is: 'failed', because: { code: 'message.too_long', words: 'refused' } });
  outbox.retry(first);
  await outbox.stored(first);
  assert.deepEqual(
    house.in(rooms[0]).map(m => m.text),
    ['fine', 'too long'],
  );
});

test('a message whose next try is under way waits for no clock: nothing runs until its answer', () => {
  const entry: Entry = { clientId: me, conversationId: rooms[0], text: 'hello', sentAt: '', order: 0 };
  const all = () => true;
  const { queue } = takeOff(add(emptyQueue, entry), 0, all, all);
  const waiting = fail(queue, me, { code: 'network.unreachable', words: '' }, () => 100);
  assert.equal(nextAt(waiting, 50), 100);
  const again = takeOff(waiting, 100, all, all);
  assert.deepEqual([again.go, nextAt(again.queue, 100)], [[entry], undefined]);
});

test('while a message waits it says for what', async () => {
  const house = server();
  const { outbox } = start(memoryStorage(), house.post);
  outbox.online(false);
  outbox.add(rooms[0], 'one');
  outbox.add(rooms[0], 'two');
  const codes = () => outbox.messages.get().map(m => ('because' in m.status ? m.status.because.code : m.status.is));
  assert.deepEqual(codes(), ['waiting.connection', 'waiting.connection']);
  outbox.online(true);
  assert.deepEqual(codes(), ['sent', 'waiting.turn']);
  await until(outbox.messages, list => list.length === 0, 'the end');
});

test('a discarded message is not sent, and whoever waited for it hears so', async () => {
  const house = server();
  const { outbox } = start(memoryStorage(), house.post);
  outbox.online(false);
  const id = outbox.add(rooms[0], 'no');
  const waiting = assert.rejects(outbox.stored(id), { code: 'message.discarded' });
  outbox.discard(id);
  outbox.online(true);
  await outbox.stored(outbox.add(rooms[0], 'yes'));
  await waiting;
  assert.deepEqual(
    house.in(rooms[0]).map(m => m.text),
    ['yes'],
  );
});

test('what an earlier page left is shown before there is a connection', async () => {
  const storage = memoryStorage();
  const house = server();
  const first = start(storage, house.post);
  first.outbox.online(false);
  first.outbox.add(rooms[0], 'kept');
  await until(first.outbox.messages, list => list.length === 1, 'the message');
  await first.outbox.close();
  const second = start(storage, house.post);
  second.outbox.online(false);
  await until(second.outbox.messages, list => list[0]?.text === 'kept', 'the message');
});

/** As one whose browser gives no room once it is `full`, and nothing at all once it is `taken`. */
function small(real: Storage): { storage: SafeStorage; full(): void; taken(): void } {
  let full = false;
  let taken = false;
  const list: Storage['list'] = async prefix => {
    if (taken) throw new DOMException('The database is closed.', 'InvalidStateError');
    return real.list(prefix);
  };
  const write: Storage['write'] = async (key, value) => {
    if (taken) throw new DOMException('The database is closed.', 'InvalidStateError');
    if (full && value !== undefined) throw new DOMException('There is no room.', 'QuotaExceededError');
    await real.write(key, value);
  };
  return {
    storage: openStorage({ ...real, lasting: true, list, write }, 'small'),
    full() {
      full = true;
    },
    taken() {
      taken = true;
    },
  };
}

test('promise 1: what is written after the browser has run out of room goes out all the same, and once', async () => {
  const house = server();
  const real = memoryStorage();
  const { storage, full } = small(real);
  const { outbox } = start(storage, house.post);
  outbox.online(false);
  outbox.add(rooms[0], 'kept');
  while ((await real.list('')).length === 0) await turn();
  full();
  outbox.add(rooms[0], 'in memory');
  await until(storage.kind, kind => kind === 'memory', 'that it says so');
  outbox.online(true);
  await until(outbox.messages, list => list.length === 0, 'the end');
  assert.deepEqual(
    house.in(rooms[0]).map(({ text }) => text),
    ['kept', 'in memory'],
  );
  await outbox.close();
  assert.deepEqual([await real.list(''), await storage.list('')], [[], []], 'nothing comes again');
});

test('promise 1: what waits while the browser throws away what the page keeps goes out all the same, and once', async () => {
  const house = server();
  const real = memoryStorage();
  const { storage, taken } = small(real);
  const { outbox } = start(storage, house.post);
  outbox.online(false);
  outbox.add(rooms[0], 'thrown away');
  while ((await real.list('')).length === 0) await turn();
  taken();
  outbox.online(true);
  outbox.add(rooms[0], 'in memory');
  await until(outbox.messages, list => list.length === 0, 'the end');
  assert.equal(storage.kind.get(), 'memory');
  assert.deepEqual(
    house.in(rooms[0]).map(({ text }) => text),
    ['thrown away', 'in memory'],
  );
  await outbox.close();
});

test('a message that waits for its next try goes out though somebody sets the clock back meanwhile', async () => {
  const house = server();
  let now = Date.parse('2026-11-24T09:26:00.000Z');
  const { outbox } = start(memoryStorage(), house.post, oneTab, { now: () => now, random: () => 0.05 });
  house.fates.push('lost');
  outbox.add(rooms[0], 'hello');
  await until(outbox.messages, ([message]) => message?.status.is === 'queued', 'the wait');
  now -= 86_400_000;
  await until(outbox.messages, list => list.length === 0, 'the end');
  assert.equal(house.in(rooms[0]).length, 1);
  await outbox.close();
});

test('promise 1: a tab without room sends what it alone holds, in order, while another tab sends for all', async () => {
  const house = server();
  const real = memoryStorage();
  const heard: (() => void)[] = [];
  /** Of two tabs the one that was there first leads. */
  const tab = (leads: boolean): Tabs => ({
    ...oneTab,
    lead: (_, signal, lead) => leads && (signal.aborted || lead()),
    tell: () => {
      for (const hear of heard) queueMicrotask(hear);
    },
    heard: (_, listener) => heard.push(listener),
  });
  const { storage, full } = small(real);
  const first = start(real, house.post, tab(true));
  const second = start(storage, house.post, tab(false));
  second.outbox.add(rooms[0], 'kept');
  await until(second.outbox.messages, list => list.length === 0, 'that the first tab sends it');
  full();
  house.fates.push('lost');
  second.outbox.add(rooms[0], 'in memory');
  second.outbox.add(rooms[0], 'in memory, too');
  await until(second.outbox.messages, list => list.length === 0, 'the end');
  assert.deepEqual(
    house.in(rooms[0]).map(({ text }) => text),
    ['kept', 'in memory', 'in memory, too'],
  );
  await Promise.all([first, second].map(({ outbox }) => outbox.close()));
  assert.deepEqual([await real.list(''), await storage.list('')], [[], []], 'nothing comes again');
});
