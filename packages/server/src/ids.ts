import { randomUUIDv7 } from 'node:crypto';
import type { Id } from '@carpenter/protocol';

/** A new id: time-ordered, so that indexes grow at their end. */
export const v7 = (): Id => randomUUIDv7();
