import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { defaults } from '../../../src/config.ts';
import { account, direct } from '../../people.ts';
import { type Apart, houseApart, type Used } from '../apart.ts';
import { talking } from '../bystanders.ts';
import { corpusOf, type Input } from './inputs.ts';
import { randomOf } from './random.ts';
import { sceneOf } from './scene.ts';
import { createThrower, type Finding } from './throw.ts';

const throwers = 6;
/** What one of them throws at once. */
const handful = 16;
/** With the same people, in the same rooms. */
const roundSize = 5_000;

type Thrown = Input & { readonly n: number };

/**
 * Throws so many inputs, chosen by `seed`, at a server in a process of its own, while two people talk. Every one is answered as
 * docs/protocol.md says, or the connection ends with a code and words that it may end with; nothing is a fault of the server,
 * and it does not grow. It fails when not all of them could be thrown in so many minutes, but for an infinite number, which is
 * as many as can.
 */
export async function fuzz(
  t: TestContext,
  { seed, inputs, minutes }: { seed: number; inputs: number; minutes: number },
): Promise<void> {
  const rates = {
    ...defaults.rates,
    framesPerMinute: 1e7,
    bytesPerMinute: 1e10,
    requestsPerMinute: 1e7,
    connectionsPerAddress: 1_000,
    registrationsPerHourPerAddress: 100_000, // new people in each round
  };
  const server = await houseApart(t, { rates, accessTokenSeconds: 86_400 });
  const [ana, ben] = [await account(server.url, 'ana'), await account(server.url, 'ben')];
  const bystanders = await talking(t, ana, ben, await direct(ana, ben), 100);
  const uses: Used[] = [];
  const found = new Map<string, string>(); // by how it begins
  const began = performance.now();
  const minutesPassed = () => (performance.now() - began) / 60_000;
  let thrown = 0;
  for (let round = 0; thrown < inputs && minutesPassed() < minutes && found.size === 0; round++) {
    const to = Math.min(inputs, thrown + roundSize);
    const findings = await throwRound(server, { seed, round, from: thrown, to });
    for (const [words, shown] of findings) found.set(words, shown);
    thrown = to;
    uses.push(await server.uses());
  }
  assert.equal(found.size, 0, [...found.values()].join('\n\n'));
  const { messages, medianMs, maxMs } = await bystanders.silent();
  t.diagnostic(
    `seed ${seed}: ${thrown} inputs, ${Math.round(thrown / minutesPassed() / 60)} a second; beside them ${messages} messages, ` +
      `median ${Math.round(medianMs)} ms, slowest ${Math.round(maxMs)} ms`,
  );
  const some = uses.filter((_, i) => i % Math.ceil(uses.length / 10) === 0);
  t.diagnostic(
    `MB of memory: ${some.map(({ rss, heapUsed }) => `${Math.round(rss / 1e6)} (heap ${Math.round(heapUsed / 1e6)})`).join(', ')}`,
  );
  if (inputs !== Infinity)
    assert.equal(thrown, inputs, `there was time for ${thrown} of ${inputs} inputs in ${minutes} min`);
  assert.ok(server.alive());
  assert.ok(messages > 10, `${messages} messages beside them`);
  assert.ok(medianMs < 500 && maxMs < 15_000, `a message took ${medianMs} ms in the middle, ${maxMs} ms at most`);
  keptItsMemory(uses);
}

interface Round {
  readonly seed: number;
  readonly round: number;
  readonly from: number;
  readonly to: number;
}

/** @returns what was found first, by how it begins; a fault of the log is of one of these inputs, or of one beside them */
async function throwRound(server: Apart, { seed, round, from, to }: Round): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const scene = await sceneOf(server.url, round);
  const corpus = corpusOf(seed + round, scene);
  let next = from;
  const take = (): Thrown[] =>
    Array.from({ length: Math.min(handful, to - next) }, () => {
      const n = next++;
      return { ...corpus.input(randomOf(seed + n)), n };
    });
  await Promise.all(
    Array.from({ length: throwers }, async () => {
      const thrower = createThrower<Thrown>(server.port, scene.speaking);
      for (let some = take(); some.length > 0 && found.size === 0; some = take()) {
        const findings = await thrower.throw(some);
        for (const line of server.faults.splice(0)) findings.push({ words: JSON.stringify(line), inputs: some });
        for (const finding of findings) found.set(finding.words.slice(0, 60), shown(finding, seed));
      }
      thrower.close();
    }),
  );
  return found;
}

/** From the third tenth on it is warm. */
function keptItsMemory(uses: readonly Used[]): void {
  const [warm, last] = [uses[Math.floor(uses.length * 0.3)], uses.at(-1)];
  assert.ok(warm && last);
  const heap = last.heapUsed - warm.heapUsed;
  assert.ok(heap < 20e6, `the heap has grown by ${Math.round(heap / 1e6)} MB`);
  const rss = last.rss - warm.rss;
  assert.ok(rss < 150e6, `the process has grown by ${Math.round(rss / 1e6)} MB`);
}

function shown({ words, inputs }: Finding<Thrown>, seed: number): string {
  const each = inputs.map(
    ({ n, door, bytes }) =>
      `seed ${seed}, input ${n}, at the ${door}: ${JSON.stringify(bytes.toString('latin1')).slice(0, 2_000)}\n` +
      `base64 ${bytes.toString('base64').slice(0, 3_000)}`,
  );
  return [words, ...each].join('\n');
}
