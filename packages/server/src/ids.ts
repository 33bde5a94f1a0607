import { randomUUIDv7 } from 'node:crypto';
import type { Id } from '@carpenter/protocol';

/** A new id: time-ordered, so that indexes grow at their end. */
export const v7 = (): Id => randomUUIDv7();

/** Stands before all ids: a first page goes on behind it. The nil UUID of RFC 9562, 5.9. */
export const nilId: Id = '00000000-0000-0000-0000-000000000000';

/** Stands behind all ids: a first page, latest first, goes back from it. The max UUID of RFC 9562, 5.10. */
export const maxId: Id = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
