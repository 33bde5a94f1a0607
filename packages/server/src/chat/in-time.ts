import type { Event, Id } from '@carpenter/protocol';
import type { Logger } from 'pino';
import { nextDue } from '../store/scheduled.ts';
import { nextStatusEnd } from '../store/statuses.ts';
import type { Chat } from './chat.ts';
import { sendDue } from './send-due.ts';
import { endStatuses } from './status.ts';

/** However far away the next one is: what another node took in, and could not keep to, is seen within this time. */
const lookAgainMs = 30_000;
/** The database's clock may be a little behind ours. */
const soonestMs = 200;

/**
 * Does what has its time: sends what was written for later, ends statuses. A loop over two indexes and no jobs, since what is
 * due lies in rows that may be changed until the last moment; there is nothing else to keep in step with them.
 */
export function keepTime(chat: Chat, log: Logger): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY; // on the clock of `performance.now()`: the other one may be set back
  let running: Promise<void> | undefined;
  let closed = false;

  function wake(inMs: number): void {
    const waitMs = Math.min(Math.max(soonestMs, inMs), lookAgainMs);
    const at = performance.now() + waitMs;
    if (closed || at >= wakesAt) return;
    clearTimeout(timer);
    wakesAt = at;
    timer = setTimeout(() => void start(), waitMs);
  }

  function start(): Promise<void> {
    wakesAt = Number.POSITIVE_INFINITY;
    running ??= round().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function round(): Promise<void> {
    let next = lookAgainMs;
    try {
      const waiting = new Set<Id>();
      while (!closed && (await sendDue(chat, log, waiting)));
      while (!closed && (await endStatuses(chat)));
      const times = await Promise.all([nextDue(chat.store.db), nextStatusEnd(chat.store.db)]);
      for (const at of times) if (at) next = Math.min(next, at.getTime() - Date.now());
    } catch (error) {
      log.warn({ err: error }, 'what is due could not be looked after; tried again soon');
      next = retryMs;
    }
    wake(next);
  }

  chat.bus.listen(told => {
    const at = told.to === 'users' ? timeIn(told.event) : undefined;
    if (at !== undefined) wake(Date.parse(at) - Date.now());
  });
  wake(0);

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const retryMs = 2_000;

/** Something new has a time. */
function timeIn(event: Event): string | undefined {
  if (event.type === 'scheduled.updated' && !event.scheduled.failure) return event.scheduled.sendAt;
  return event.type === 'me.updated' ? event.user.status?.until : undefined;
}
