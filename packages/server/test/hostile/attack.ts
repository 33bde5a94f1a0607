import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { defaults } from '../../src/config.ts';
import { account, direct } from '../people.ts';
import { type Apart, houseApart, type Used } from './apart.ts';
import { type Times, talking } from './bystanders.ts';

const config = {
  rates: { ...defaults.rates, framesPerMinute: 1e7, bytesPerMinute: 1e10, requestsPerMinute: 1e7 },
  accessTokenSeconds: 86_400, // a hundred thousand take longer than a token lasts
};

/** A server in a process of its own, whose rates do not stand in the way of an attack, and two people who talk meanwhile. */
export async function scene(t: TestContext) {
  const server = await houseApart(t, config);
  const [ana, ben] = [await account(server.url, 'ana'), await account(server.url, 'ben')];
  return { server, ana, bystanders: await talking(t, ana, ben, await direct(ana, ben)) };
}

/** Bytes, after a collection of garbage. */
export const held = ({ heapUsed, external }: Used): number => heapUsed + external;

export const mb = (bytes: number): number => Math.round(bytes / 1e6);

export const shown = ({ messages, medianMs, maxMs }: Times): string =>
  `beside them ${messages} messages, median ${Math.round(medianMs)} ms, slowest ${Math.round(maxMs)} ms`;

/** Waits until the server uses so little. @returns what it uses then */
export async function untilUses(
  server: Apart,
  enough: (used: Used) => boolean,
  withinMs: number,
  what: string,
): Promise<Used> {
  const until = performance.now() + withinMs;
  for (;;) {
    const used = await server.uses();
    if (enough(used)) return used;
    assert.ok(performance.now() < until, `${what}, after ${withinMs / 1_000} s: ${JSON.stringify(used)}`);
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}

/** Looks at what the server uses until the work is done. @returns what it used when `most` was greatest */
export async function usedMost(server: Apart, most: (used: Used) => number, work: Promise<unknown>): Promise<Used> {
  let peak = await server.uses();
  let going = true;
  const done = work.finally(() => {
    going = false;
  });
  done.catch(() => {}); // told below
  while (going) {
    const used = await server.uses();
    if (most(used) > most(peak)) peak = used;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  await done;
  return peak;
}
