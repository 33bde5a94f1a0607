import { type Event, event, type Id } from '@carpenter/protocol';
import { z } from 'zod';
import { type Row, rowOf } from '../history.ts';
import { jsonIn } from './door.ts';

/** A frame as the protocol has it; what it brings of a message, as it is judged. */
export interface Said {
  readonly event: Event;
  readonly row?: Row;
}
export interface Heard extends Said {
  /** Every id that stands anywhere in it, whatever it is of, and whether the protocol knows of it there or not. */
  readonly ids: readonly Id[];
}

/** It is none of the protocol. Why, with nothing that stood in it but its type. */
export interface Outside {
  readonly outside: string;
}

const anyId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

// The server writes one frame for all who hear it, so the same text comes once for each of them: it is read once.
const recent = new Map<string, Heard>();
const recentMax = 2_000;
const wordsMax = 300;

export function readFrame(text: string): Heard | Outside {
  const known = recent.get(text);
  if (known) return known;
  const value = jsonIn(text);
  const parsed = event.safeParse(value);
  if (!parsed.success) return { outside: `${typeOf(value)}: ${wordsOf(parsed.error)}` };
  const said = parsed.data;
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

const typed = z.object({ type: z.string().regex(/^[\w.]{1,40}$/) });
const typeOf = (value: unknown): string => typed.safeParse(value).data?.type ?? 'of no type';
const wordsOf = (error: z.ZodError): string => z.prettifyError(error).replaceAll(/\s+/g, ' ').slice(0, wordsMax);
