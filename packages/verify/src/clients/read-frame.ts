import { type Event, event, type Id } from '@carpenter/protocol';
import { type Row, rowOf } from '../history.ts';

/** A frame as the protocol has it; what it brings of a message, as it is judged. */
export interface Said {
  readonly event: Event;
  readonly row?: Row;
}
export interface Heard extends Said {
  /** Every id that stands anywhere in it, whatever it is of, and whether the protocol knows of it there or not. */
  readonly ids: readonly Id[];
}

const anyId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

// The server writes one frame for all who hear it, so the same text comes once for each of them: it is read once.
const recent = new Map<string, Heard>();
const recentMax = 2_000;

/** @throws where a server says something that is not in the protocol: then there is nothing to go on with */
export function readFrame(text: string): Heard {
  const known = recent.get(text);
  if (known) return known;
  const said = event.parse(JSON.parse(text));
  const ids = [...new Set(text.match(anyId))];
  const heard: Heard =
    'message' in said && typeof said.message !== 'string'
      ? { event: said, ids, row: rowOf(said.message) }
      : { event: said, ids };
  if (heard.row) {
    recent.set(text, heard);
    if (recent.size > recentMax)
      for (const oldest of recent.keys()) {
        recent.delete(oldest);
        break;
      }
  }
  return heard;
}
