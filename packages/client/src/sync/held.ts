import type { Id, Rev } from '@carpenter/protocol';
import { applyDurable, type Durable, type Room } from './room.ts';

/** Events that came before one that they follow; most such gaps close by themselves within milliseconds. */
export type Held = ReadonlyMap<Rev, Durable>;

/** More than this at once is no mere disorder. */
const heldMax = 500;

/** Applies an event if it is the next one, and then whatever of the held ones follows. */
export function receive(room: Room, held: Held, event: Durable, me: Id): { room: Room; held: Held } {
  const next = applyDurable(room, event, me);
  if (next === 'gap') return { room, held: held.size < heldMax ? new Map(held).set(event.rev, event) : held };
  return drain(next, held, me);
}

/** After the room went on by itself (`changes`, an ack): applies what fits now and forgets what is known by now. */
export function drain(room: Room, held: Held, me: Id): { room: Room; held: Held } {
  if (held.size === 0) return { room, held };
  let now = room;
  for (const rev of [...held.keys()].sort((a, b) => a - b)) {
    const event = held.get(rev);
    const next = event && applyDurable(now, event, me);
    if (next && next !== 'gap') now = next;
  }
  const left = [...held].filter(([rev]) => rev > now.log.rev);
  return { room: now, held: new Map(left) };
}
