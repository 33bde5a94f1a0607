import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Id } from '@carpenter/protocol';
import type { Line, Person } from '../people.ts';

/** Two people who go on talking while something happens beside them. */
export interface Bystanders {
  /** Ends the talk, after looking whether all of it arrived, in order. @returns how long each message took to the other, in ms */
  silent(): Promise<Took>;
}
export interface Took {
  readonly messages: number;
  /** What was written there by anybody else. */
  readonly others: readonly string[];
  readonly medianMs: number;
  readonly maxMs: number;
}

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
  const took: number[] = [];
  const said: string[] = [];
  const talk = (async () => {
    while (going) {
      const clientId = randomUUID();
      said.push(clientId);
      took.push(await say(from, to, conversationId, clientId));
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
  })();
  talk.catch(() => {}); // told by silent()
  return {
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
      const sorted = took.toSorted((a, b) => a - b);
      return {
        messages: took.length,
        others: heard.filter(message => message.sender !== one.id).map(message => message.text),
        medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
        maxMs: sorted.at(-1) ?? 0,
      };
    },
  };
}

async function say(from: Line, to: Line, conversationId: Id, clientId: string): Promise<number> {
  const began = performance.now();
  const heard = to.next('message.created', e => e.message.clientId === clientId);
  from.say({ type: 'message.send', conversationId, clientId, text: 'and life goes on' });
  await heard;
  return performance.now() - began;
}
