import { z } from 'zod';
import { id, rev, seq } from '../ids.ts';
import { fixed } from '../limits.ts';
import type { RefusalCode } from '../refusals.ts';

/** All of these begin with it. */
export const apiPrefix = '/api/v1';

type Shape = z.ZodType;
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** For people: one line in the API documentation. */
  readonly summary: string;
  /** `bearer` unless said otherwise. */
  readonly open?: true;
  readonly params?: Shape;
  readonly query?: Shape;
  readonly body?: Shape;
  /** Status → body; `null`: no body. */
  readonly answers: Readonly<Record<number, Shape | null>>;
  /** Beside those that every route may give (input.invalid, auth.*, rate.exceeded, storage_unavailable, server.*). */
  readonly refusals?: readonly RefusalCode[];
}
/** Keeps a route's own type, so that handlers and clients know its bodies. */
export const route = <const R extends Route>(r: R): R => r;

export const ofConversation = z.object({ id });
export const ofMessage = z.object({ id, seq: z.coerce.number().pipe(seq) });
export const ofMember = z.object({ id, userId: id });
export const limit = z.coerce.number().pipe(z.int().min(1).max(fixed.pageMax)).default(fixed.pageDefault);
export const cursor = z.string().min(1).max(200).optional();
export const inQuery = { seq: z.coerce.number().pipe(seq).optional(), rev: z.coerce.number().pipe(rev) };
