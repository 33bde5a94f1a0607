import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { defaults } from '../../../src/config.ts';
import { account, direct, group, type Person } from '../../people.ts';
import { sent } from '../../sent.ts';
import { houseApart, type Used } from '../apart.ts';
import { talking } from '../bystanders.ts';
import { corpusOf, type Input, knownOf } from './inputs.ts';
import { randomOf } from './random.ts';
import { createThrower } from './throw.ts';

const throwers = 12;
/** Enough to look at; a fault of the log is of this input or of one that was under way beside it. */
const findingsMax = 8;

/**
 * Throws so many inputs, chosen by `seed`, at a server in a process of its own, while two people talk. Every one is answered, or
 * the connection ends with a code and words; nothing is a fault of the server, and it does not grow. It fails when not all of
 * them could be thrown in so many minutes, but for an infinite number, which is as many as can.
 */
export async function fuzz(
  t: TestContext,
  { seed, inputs, minutes }: { seed: number; inputs: number; minutes: number },
): Promise<void> {
  const rates = { ...defaults.rates, framesPerMinute: 1e7, bytesPerMinute: 1e10, requestsPerMinute: 1e7 };
  const server = await houseApart(t, { rates, accessTokenSeconds: 86_400 });
  const [ana, ben] = [await account(server.url, 'ana'), await account(server.url, 'ben')];
  const bystanders = await talking(t, ana, ben, await direct(ana, ben));
  const eve = await account(server.url, 'eve');
  const corpus = corpusOf(seed, await knownTo(eve, ana), eve.grant.accessToken);
  const uses: Used[] = [];
  const found = new Map<string, string>(); // by how it begins
  const began = performance.now();
  let thrown = 0;
  let looks = 0;
  const done = () => Math.max(thrown / inputs, (performance.now() - began) / (minutes * 60_000));
  await Promise.all(
    Array.from({ length: throwers }, async (_, i) => {
      const thrower = createThrower(t, server.port, eve.grant.accessToken);
      for (let n = i; n < inputs; n += throwers) {
        const input = corpus.input(randomOf(seed + n));
        const fault = (await thrower.throw(input)) ?? server.faults.splice(0).map(line => JSON.stringify(line))[0];
        if (fault !== undefined) found.set(fault.slice(0, 60), `${fault}\n${shown(input, seed, n)}`);
        thrown++;
        if (found.size === findingsMax || done() >= 1) break;
        if (done() * 10 < looks + 1) continue;
        looks++;
        uses.push(await server.uses());
      }
      thrower.close();
    }),
  );
  assert.equal(found.size, 0, [...found.values()].join('\n\n'));
  const { messages, medianMs, maxMs } = await bystanders.silent();
  t.diagnostic(
    `seed ${seed}: ${thrown} inputs; beside them ${messages} messages, median ${Math.round(medianMs)} ms, slowest ${Math.round(maxMs)} ms`,
  );
  t.diagnostic(
    `MB of memory: ${uses.map(({ rss, heapUsed }) => `${Math.round(rss / 1e6)} (heap ${Math.round(heapUsed / 1e6)})`).join(', ')}`,
  );
  if (inputs !== Infinity)
    assert.equal(thrown, inputs, `there was time for ${thrown} of ${inputs} inputs in ${minutes} min`);
  assert.ok(messages > 10, `${messages} messages beside them`);
  assert.ok(server.alive());
  keptItsMemory(uses);
}

/** From the third tenth on it is warm. */
function keptItsMemory(uses: readonly Used[]): void {
  const [warm, last] = [uses[2], uses.at(-1)];
  assert.ok(warm && last);
  const grown = last.heapUsed - warm.heapUsed;
  assert.ok(grown < 20e6, `the heap has grown by ${Math.round(grown / 1e6)} MB`);
}

async function knownTo(eve: Person, ana: Person) {
  const rooms = [await group(eve, []), await group(eve, [])];
  for (const room of rooms) {
    await sent(eve, room, 'hello');
    await sent(eve, room, 'which one?', { poll: { options: ['this', 'that'] } });
  }
  return knownOf([...rooms, eve.id, ana.id], [eve.id, ana.id]);
}

const shown = ({ door, bytes }: Input, seed: number, n: number): string =>
  `seed ${seed}, input ${n}, at the ${door}: ${JSON.stringify(bytes.toString('latin1')).slice(0, 3_000)}\nbase64 ${bytes.toString('base64').slice(0, 4_000)}`;
