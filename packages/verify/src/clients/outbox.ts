import { randomUUID } from 'node:crypto';
import type { Id } from '@carpenter/protocol';
import { textHash } from '../history.ts';
import { backoff } from './pause.ts';
import type { Needs, Note, Tried } from './person.ts';
import type { Settled } from './settle.ts';

/** Messages on their way, each named by its `clientId` and tried until somebody says what became of it. */
export interface Outbox {
  add(conv: Id, text: string): void;
  /** A connection is there, or something may go now. */
  pump(): void;
  size(): number;
}

interface Unsent {
  readonly clientId: Id;
  readonly conv: Id;
  readonly text: string;
  tries: number;
  /** It is under way, or waits for its next try. */
  busy: boolean;
}

/** How somebody sends. */
export interface Habits {
  /** Messages under way at once in one conversation. */
  readonly depth: number;
  /** Share of tries that go over HTTP. */
  readonly overHttp: number;
  /** Share of stored messages that are sent once more, as if their answer had been lost. */
  readonly again: number;
}

/** @param send  one try, over the socket or HTTP; calls back once with what became of it. Over the socket only while there is one. */
export function createOutbox(
  needs: Pick<Needs, 'random' | 'nextTry' | 'signal'> & {
    note: Note;
    habits: Habits;
    send: (message: { conv: Id; clientId: Id; text: string }, overHttp: boolean, done: (end: Settled) => void) => void;
    isOnline: () => boolean;
  },
): Outbox {
  const { random, nextTry, signal, note, habits, send, isOnline } = needs;
  const queues = new Map<Id, Unsent[]>();
  const timers = new Set<NodeJS.Timeout>();
  signal.addEventListener('abort', () => {
    for (const timer of timers) clearTimeout(timer);
  });

  function later(message: Unsent, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      message.busy = false;
      pump();
    }, ms);
    timers.add(timer);
  }

  function pump(): void {
    if (signal.aborted) return;
    for (const queue of queues.values()) {
      for (const message of queue.slice(0, habits.depth)) {
        if (!message.busy) attempt(queue, message);
      }
    }
  }

  function attempt(queue: Unsent[], message: Unsent): void {
    const overHttp = random.next() < habits.overHttp;
    if (!overHttp && !isOnline()) return;
    const { conv, clientId, text } = message;
    const tried: Tried = { n: nextTry(), op: 'send', conv };
    message.busy = true;
    message.tries++;
    note({ f: 'invoke', ...tried, clientId, text: textHash(text), over: overHttp ? 'http' : 'socket' });
    send(message, overHttp, end => settle(queue, message, tried, end));
  }

  function settle(queue: Unsent[], message: Unsent, tried: Tried, end: Settled): void {
    const { clientId } = message;
    if (end.is === 'info') {
      note({ f: 'info', ...tried, clientId, code: end.code, words: end.words });
      return later(message, backoff(message.tries, random.next(), end.retryAfterMs));
    }
    if (end.is === 'ok') note({ f: 'ok', ...tried, row: end.row, ...(end.dup && { dup: true }) });
    else note({ f: 'fail', ...tried, clientId, code: end.code, words: end.words });
    const again = end.is === 'ok' && !end.dup && random.next() < habits.again;
    if (again) message.busy = false;
    else queue.splice(queue.indexOf(message), 1);
    pump();
  }

  return {
    add(conv, text) {
      const message = { clientId: randomUUID(), conv, text, tries: 0, busy: false };
      const queue = queues.get(conv);
      if (queue) queue.push(message);
      else queues.set(conv, [message]);
      pump();
    },
    pump,
    size: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
  };
}
