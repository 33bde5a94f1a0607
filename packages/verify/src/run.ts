import { setTimeout as pause } from 'node:timers/promises';
import { version } from '@carpenter/protocol';
import { stall } from './check/ledger.ts';
import type { Fault } from './faults/fault.ts';
import { faults as allFaults } from './faults/index.ts';
import { startLoad } from './load.ts';
import { openRecord } from './record.ts';
import { type Random, randomOf } from './world/random.ts';
import type { Account, LoadOptions, Recording } from './world/types.ts';
import { within } from './world/within.ts';
import { joinWorld, makeWorld, type World } from './world/world.ts';

export interface RunOptions {
  /** For so long things break; the beginning and the end come on top. */
  readonly minutes: number;
  readonly seed: number;
  readonly clients: number;
  /** Names of faults. */
  readonly faults: readonly string[];
  /** Where the history goes; what the nodes said goes to the same name and `.log`. */
  readonly history: string;
  /** An installation that is there already; absent: a world of our own is made, and removed. */
  readonly there?: { readonly url: string; readonly accounts: readonly Account[] };
  /** What goes on, a line every few seconds. */
  readonly say: (line: string) => void;
  /** Ends it early, all that was begun put away. */
  readonly signal: AbortSignal;
}

export const faultNames: readonly string[] = allFaults.map(({ name }) => name);

const sayEveryMs = 5_000;
const [lookForStallsMs, stallMs] = [100, 500];
/** Between the end of one fault and the next. */
const [calmFromMs, calmBelowMs] = [2_000, 6_000];
const [outboxesMs, quietMs, quietWithinMs] = [60_000, 3_000, 60_000];
const [loadWithinMs, turnWithinMs, finalsWithinMs, endWithinMs] = [180_000, 120_000, 300_000, 30_000];

/** Makes a world, lets clients loose in it, breaks it, mends it, and writes down what everybody saw. Judging is for `judge`.
 *  @throws Error when the run itself fails, or a client of it cannot go on; the history then has no end */
export async function run(options: RunOptions): Promise<void> {
  const { seed, clients, say } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const failed = (error: unknown) => over.abort(error);
  const random = randomOf(seed);
  const record = openRecord(options.history, failed);
  let world: World | undefined;
  try {
    say(`seed ${seed}: making a world for ${clients} clients`);
    const made = await worldFor(options); // some seconds, and then it can be closed
    world = made;
    await aborting(signal, () => inWorld(made, record, random, { ...options, signal }, failed));
  } finally {
    try {
      await record.close();
    } finally {
      await world?.close();
    }
  }
}

async function worldFor({ clients, faults, history, there }: RunOptions): Promise<World> {
  if (there) return joinWorld(there.url, clients, there.accounts);
  const wants = { disk: faults.includes('disk-full'), shortTokens: faults.includes('token-expiry') };
  return makeWorld(clients, wants, `${history}.log`);
}

async function inWorld(
  world: World,
  record: Recording,
  random: Random,
  options: RunOptions,
  failed: LoadOptions['failed'],
): Promise<void> {
  const { seed, clients, minutes, there, say, signal } = options;
  const asked = allFaults.filter(({ name }) => options.faults.includes(name));
  const without = Object.fromEntries(asked.flatMap(fault => cannot(fault, world)));
  const faults = asked.filter(({ name }) => !(name in without));
  record.write({
    f: 'began',
    version,
    seed,
    clients,
    nodes: world.urls.size,
    minutes,
    ...(there && { url: there.url }),
    faults: asked.map(({ name }) => name),
    without,
  });
  for (const [name, why] of Object.entries(without)) say(`without ${name}: ${why}`);

  const counts = new Map<string, number>();
  let written = 0;
  const counted: Recording = {
    ...record,
    write(entry) {
      written++;
      counts.set(entry.f, (counts.get(entry.f) ?? 0) + 1);
      record.write(entry);
    },
  };
  const [node = 'node'] = world.urls.keys();
  const load = await within(loadWithinMs, 'The clients did not get to work', late =>
    startLoad({
      signal: AbortSignal.any([signal, late]),
      record: counted,
      random: random.fork('load'),
      ways: world.ways,
      accounts: world.accounts,
      nodeOf: () => node,
      failed,
    }),
  );
  let now = 'nothing is broken';
  const stalls = watchStalls(record);
  const progress = setInterval(() => say(progressLine(record.now(), counts, now)), sayEveryMs);
  try {
    await breakThings(world, faults, counted, random.fork('faults'), options, doing => {
      now = doing;
    });
    now = 'all is mended, waiting for quiet';
    for (const way of world.ways) way.heal();
    await within(outboxesMs * 1.5, 'The clients did not come to an end', () => load.stop(outboxesMs));
    await quiet(() => written, signal);
    now = 'asking for all that there is';
    for (const [name, url] of world.urls) {
      await within(finalsWithinMs, 'What there is in the end could not be read', () => load.finals(url, name));
    }
  } finally {
    clearInterval(progress);
    clearInterval(stalls);
    await within(endWithinMs, 'The clients did not leave', () => load.end());
  }
  record.write({ f: 'ended' });
  say(progressLine(record.now(), counts, 'done'));
}

function cannot(fault: Fault, world: World): [string, string][] {
  const why = fault.cannot?.(world);
  return why === undefined ? [] : [[fault.name, why]];
}

/** One after another in an order of chance, all of them at least once, and again until time is up. */
async function breakThings(
  world: World,
  faults: readonly Fault[],
  record: Recording,
  random: Random,
  { minutes, signal }: RunOptions,
  doing: (what: string) => void,
): Promise<void> {
  const end = record.now() + minutes * 60_000;
  let n = 0;
  for (let round = 0; faults.length > 0 && (round === 0 || record.now() < end); round++) {
    for (const fault of random.shuffle(faults)) {
      if (round > 0 && record.now() >= end) break;
      doing('nothing is broken');
      await pause(random.whole(calmFromMs, calmBelowMs), undefined, { signal });
      doing(fault.name);
      const turn = fault.plan(world, random, round);
      const { clients, frozen, cuts, crashes } = turn;
      const entry = {
        f: 'fault',
        n: n++,
        name: fault.name,
        ...(clients && { clients: [...clients] }),
        ...(frozen && { frozen }),
        ...(cuts && { cuts }),
        ...(crashes && { crashes }),
      } as const;
      record.write({ ...entry, is: 'on' });
      await within(turnWithinMs, `${fault.name} could not be done`, async () => turn.on());
      await pause(turn.forMs, undefined, { signal });
      await within(turnWithinMs, `${fault.name} could not be mended`, async () => turn.off());
      const exit = turn.exit?.();
      record.write({ ...entry, is: 'off', ...(exit && { exit }) });
    }
  }
  doing('nothing is broken');
  await pause(Math.max(calmFromMs, end - record.now()), undefined, { signal });
}

/** On a busy machine this process stands still at times, and hears late what came in time: that is written down as a fault of the run. */
function watchStalls(record: Recording): NodeJS.Timeout {
  let last = record.now();
  let n = 0;
  return setInterval(() => {
    const now = record.now();
    if (now - last > stallMs) {
      const fault = { f: 'fault', n: n++, name: stall, frozen: true } as const;
      record.write({ ...fault, is: 'on', t: last });
      record.write({ ...fault, is: 'off', t: now });
    }
    last = now;
  }, lookForStallsMs);
}

/** Until nothing happens to anybody for a while: then what was said has come to everybody. */
async function quiet(written: () => number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + quietWithinMs;
  for (let before = written(), since = performance.now(); performance.now() < end; ) {
    await pause(250, undefined, { signal });
    if (written() !== before) [before, since] = [written(), performance.now()];
    else if (performance.now() - since >= quietMs) return;
  }
}

function progressLine(ms: number, counts: ReadonlyMap<string, number>, now: string): string {
  const seconds = Math.floor(ms / 1_000);
  const count = (f: string) => (counts.get(f) ?? 0).toLocaleString('en');
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  ${count('ok')} done, ${count('deliver')} delivered, \
${count('close')} connections ended, ${count('fault')} breaks and mendings; ${now}`;
}

/** Does `work` until `signal` says no; then it has a while to come to its end. */
async function aborting<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  const working = work();
  try {
    return await Promise.race([working, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) await within(endWithinMs, 'It did not come to an end', () => working).catch(() => {});
  }
}
