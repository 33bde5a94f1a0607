import { type Message, worthRetrying } from '@carpenter/protocol';
import type { z } from 'zod';
import { type Row, rowOf } from '../history.ts';
import { type Answer, outsideWords } from './door.ts';
import type { Outcome } from './line.ts';

/** What became of one try. `info`: nobody knows, or "try again"; by a code of no list where the answer is none of the protocol. */
export type Settled =
  | { readonly is: 'ok'; readonly row: Row; readonly dup: boolean }
  | { readonly is: 'fail'; readonly code: string; readonly words: string }
  | { readonly is: 'info'; readonly code: string; readonly words: string; readonly retryAfterMs?: number };

export function settledByLine(outcome: Outcome): Settled {
  if ('lost' in outcome) return { is: 'info', code: 'connection.lost', words: outcome.lost };
  const { event, row } = outcome;
  if (event.type === 'ack' && row) return { is: 'ok', row, dup: event.duplicate === true };
  if (event.type === 'error') return refused(event.code, event.message, event.retryAfterMs);
  return { is: 'info', code: `frame.${event.type}`, words: outsideWords };
}

/** @param body  what an answer holds */
export function settledByDoor(
  answer: Answer,
  body: z.ZodType<{ message: Message; duplicate?: boolean | undefined }>,
): Settled {
  if (answer.is === 'lost') return { is: 'info', code: 'connection.lost', words: answer.words };
  if (answer.is === 'refusal') return refused(answer.code, answer.words, answer.retryAfterMs);
  const { data: sent } = body.safeParse(answer.body);
  if (!sent) return { is: 'info', code: `http.${answer.status}`, words: outsideWords };
  return { is: 'ok', row: rowOf(sent.message), dup: sent.duplicate === true };
}

function refused(code: string, words: string, retryAfterMs: number | undefined): Settled {
  if (!worthRetrying(code)) return { is: 'fail', code, words };
  return { is: 'info', code, words, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
