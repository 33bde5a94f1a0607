import { type Close, closes, type Event, type Id } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { type Frame, frameOf } from './frame.ts';

/** One connection as the fan-out sees it: somebody who hears. */
export interface Seat {
  readonly id: string;
  readonly actor: Actor;
  /** What the hub has subscribed it to. */
  readonly conversations: Set<Id>;
  hear(frame: Frame): void;
  end(close: Close, retryAfterMs?: number): void;
}

/** How frames leave: over a WebSocket or as Server-Sent Events. */
export interface Line {
  /** Ends the connection instead when more than `tooSlowBytes` is waiting already. */
  write(frame: Frame): void;
  /** Bytes waiting to leave. */
  waiting(): number;
  end(close: Close, retryAfterMs?: number): void;
}

/** Past this a reader is "behind": it is told later what to sync, in place of getting a queue. */
export const behindBytes = 256 * 1024;
/**
 * With more than this waiting no further question is taken, and whoever has to hear yet another event that cannot be left out is
 * ended with 4410.
 */
export const tooSlowBytes = 1024 * 1024;
/**
 * Frames held back until `ready` is out, and no more characters than bytes may wait afterwards. Beyond them what can be left out is;
 * what cannot ends the connection with 4410.
 */
const heldMax = 1_000;

export interface OpenSeat extends Seat {
  /** `ready` first, then what came meanwhile. From here on everything goes out as it comes. */
  open(ready: Event): void;
  /** What had waited has left: tells what was left out. */
  drained(): void;
}

export function createSeat(id: string, actor: Actor, line: Line): OpenSeat {
  let held: Frame[] | undefined = [];
  let heldChars = 0;
  let behind = false;
  const missed = new Map<Id, { rev: number; lastSeq: number }>();
  const presences = new Map<Id, Frame>(); // of each person the last one: nothing else would tell

  function leaveOut(frame: Frame): void {
    const { event } = frame;
    if (event.type === 'presence') presences.set(event.userId, frame);
    if (!('rev' in event) || event.type === 'changes') return; // typing is over by then, the next receipt says what this one did
    const known = missed.get(event.conversationId);
    const lastSeq = 'message' in event ? event.message.seq : 0;
    missed.set(event.conversationId, {
      rev: Math.max(known?.rev ?? 0, event.rev),
      lastSeq: Math.max(known?.lastSeq ?? 0, lastSeq),
    });
  }

  function out(frame: Frame): void {
    if (line.waiting() > behindBytes) behind = true;
    if (behind && mayBeLeftOut(frame.event)) return leaveOut(frame);
    line.write(frame);
  }

  return {
    id,
    actor,
    conversations: new Set(),
    hear(frame) {
      if (!held) return out(frame);
      const leavable = mayBeLeftOut(frame.event);
      if (held.length < heldMax && heldChars <= (leavable ? behindBytes : tooSlowBytes)) {
        heldChars += frame.json.length;
        return void held.push(frame);
      }
      if (leavable) return leaveOut(frame);
      held = undefined; // nothing is kept for a line that has ended
      line.end(closes.tooSlow);
    },
    open(ready) {
      const meanwhile = held ?? [];
      held = undefined;
      line.write(frameOf(ready));
      for (const frame of meanwhile) out(frame);
      if (missed.size + presences.size > 0) behind = true;
    },
    drained() {
      if (!behind) return;
      behind = false;
      const left = [...missed];
      const people = [...presences.values()];
      missed.clear();
      presences.clear();
      for (const [conversationId, counters] of left) out(frameOf({ type: 'activity', conversationId, ...counters }));
      for (const frame of people) out(frame);
    },
    end: (close, retryAfterMs) => line.end(close, retryAfterMs),
  };
}

/** Changes can be synced by `rev` later, of signs of life the last ones count; answers, one's own list and people's names are neither. */
function mayBeLeftOut({ type }: Event): boolean {
  switch (type) {
    case 'message.created':
    case 'message.updated':
    case 'message.deleted':
    case 'conversation.updated':
    case 'receipt':
    case 'typing':
    case 'presence':
      return true;
    default:
      return false;
  }
}
