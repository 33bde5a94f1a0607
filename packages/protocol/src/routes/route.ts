import { z } from 'zod';
import { id, rev, seq } from '../ids.ts';
import { fixed } from '../limits.ts';
import type { RefusalCode } from '../refusals.ts';

/** All of these begin with it. */
export const apiPrefix = '/api/v1';

type Shape = z.ZodType;
export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** For people: one line in the API documentation. */
  readonly summary: string;
  /** `bearer` unless said otherwise. */
  readonly open?: true;
  /** The cookie for files opens it too: a browser's `<img>` sends nothing else. */
  readonly cookie?: true;
  readonly params?: Shape;
  readonly query?: Shape;
  /** Fields of the head that it reads, in lower case. */
  readonly headers?: Shape;
  /** JSON, or `bytes`. */
  readonly body?: Shape;
  /** Status → body: JSON, `bytes`, or `null` for none. */
  readonly answers: Readonly<Record<number, Shape | null>>;
  /** Beside those that every route may give (input.invalid, auth.*, rate.exceeded, storage_unavailable, overloaded, server.*). */
  readonly refusals?: readonly RefusalCode[];
}
/** Keeps a route's own type, so that handlers and clients know its bodies. */
export const route = <const R extends Route>(r: R): R => r;

/** A body that is streamed as it is, not JSON. */
export const bytes = z.unknown();

export const ofConversation = z.object({ id });
export const ofMessage = z.object({ id, seq: z.coerce.number().pipe(seq) });
export const ofMember = z.object({ id, userId: id });
export const limit = z.coerce.number().pipe(z.int().min(1).max(fixed.pageMax)).default(fixed.pageDefault);
export const cursor = z.string().min(1).max(200).optional();
export const inQuery = { seq: z.coerce.number().pipe(seq).optional(), rev: z.coerce.number().pipe(rev) };
