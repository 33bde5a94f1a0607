import { z } from 'zod';

/** A UUID in lower case. The server makes version 7; clients may bring any version as `clientId`. */
export const id = z.uuid().toLowerCase();
export type Id = z.infer<typeof id>;

/** Number of a message in its conversation: 1, 2, 3 … without a gap. */
export const seq = z.int().min(1);
export type Seq = z.infer<typeof seq>;

/** Number of a durable change in its conversation; 0 stands for "I have nothing yet". */
export const rev = z.int().min(0);
export type Rev = z.infer<typeof rev>;

/** ISO 8601, UTC, milliseconds: `2026-11-24T09:26:00.000Z`. */
export const time = z.iso.datetime({ precision: 3 }).refine(at => !at.startsWith('0000'), 'There was no year 0.');

/** A client's own name for a question; comes back with the answer. */
export const ref = z.string().min(1).max(64);
