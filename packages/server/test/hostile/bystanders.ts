import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Id } from '@carpenter/protocol';
import type { Line, Person } from '../people.ts';

/** Two people who go on talking while something happens beside them. */
export interface Bystanders {
  /** How it went while this was done. Fails where it became slow by more than the machine explains. */
  during(work: () => Promise<unknown>): Promise<Times>;
  /** Ends the talk, after looking whether all of it arrived, in order, and in time. */
  silent(): Promise<Took>;
}
/** How long messages took from the one to the other. */
export interface Times {
  readonly messages: number;
  readonly medianMs: number;
  readonly maxMs: number;
}
interface Said {
  /** By `performance.now()`. */
  readonly began: number;
  readonly ms: number;
}
export interface Took extends Times {
  /** What was written there by anybody else. */
  readonly others: readonly string[];
}

/** A server that stands still for everybody is far beyond it, a machine that other tests keep busy is not. */
const slowestMaxMs = 15_000;
/** Half of the talk may take so much, and as many times what it took before: by that it is known how busy the machine is. */
const median = { maxMs: 500, timesBefore: 25 };

/** @param pauseMs  a breath between two messages, so that they are witnesses and no load */
export async function talking(
  t: TestContext,
  one: Person,
  other: Person,
  conversationId: Id,
  pauseMs = 20,
): Promise<Bystanders> {
  const [from, to] = [await one.connect(t), await other.connect(t)];
  let going = true;
  const took: Said[] = [];
  const said: string[] = [];
  const talk = (async () => {
    while (going) {
      const clientId = randomUUID();
      said.push(clientId);
      const began = performance.now();
      await say(from, to, conversationId, clientId);
      took.push({ began, ms: performance.now() - began });
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
  })();
  talk.catch(() => {}); // told by silent()
  return {
    async during(work) {
      const start = performance.now();
      const before = timesOf(took);
      await work();
      const meanwhile = timesOf(took.filter(({ began }) => began >= start));
      const maxMs = median.maxMs + median.timesBefore * before.medianMs;
      assert.ok(
        meanwhile.medianMs < maxMs,
        `half of the talk took ${meanwhile.medianMs} ms, and ${before.medianMs} ms before`,
      );
      return meanwhile;
    },
    async silent() {
      going = false;
      await talk;
      for (const line of [from, to]) {
        assert.ok(!line.heard.some(e => e.type === 'closing'), 'a bystander was sent away');
        assert.equal(line.ws.readyState, line.ws.OPEN, 'a bystander lost its connection');
      }
      const heard = to.heard.flatMap(e =>
        e.type === 'message.created' && e.conversationId === conversationId ? e.message : [],
      );
      const theirs = heard.filter(message => message.sender === one.id).map(message => message.clientId);
      assert.deepEqual(theirs, said, 'each once, in order');
      const times = timesOf(took);
      assert.ok(times.maxMs < slowestMaxMs, `somebody waited ${times.maxMs} ms for a message`);
      const others = heard.filter(message => message.sender !== one.id).map(message => message.text);
      return { ...times, others };
    },
  };
}

function timesOf(took: readonly Said[]): Times {
  const sorted = took.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    messages: sorted.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    maxMs: sorted.at(-1) ?? 0,
  };
}

/** As every client does: what a busy server refuses for the moment is said again, under the same `clientId`. */
async function say(from: Line, to: Line, conversationId: Id, clientId: string): Promise<void> {
  const heard = to.next('message.created', e => e.message.clientId === clientId);
  const stored = async (): Promise<void> => {
    const answer = await from.ask({ type: 'message.send', conversationId, clientId, text: 'and life goes on' });
    if (answer.type !== 'error') return;
    assert.ok(answer.retryAfterMs !== undefined, `refused for good: ${answer.code}`);
    await new Promise(resolve => setTimeout(resolve, answer.retryAfterMs));
    await stored();
  };
  await Promise.all([stored(), heard]);
}
