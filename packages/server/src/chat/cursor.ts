import { refuse } from '@carpenter/protocol';
import { z } from 'zod';

/** A time with microseconds, as `placeOf` (store/rows.ts) writes it. PostgreSQL knows no year 0. */
export const placeAt = z.iso.datetime({ precision: 6 }).refine(at => !at.startsWith('0000'));

/** Cursors are opaque to clients: where a page ended, as base64url of JSON. */
export const writeCursor = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws {Refusal} cursor.invalid */
export function readCursor<T>(cursor: string | undefined, shape: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    return refuse('cursor.invalid', {}); // whatever it was, it is not one that we gave out
  }
}
