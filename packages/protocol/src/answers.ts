import { z } from 'zod';
import { time } from './ids.ts';

/** RFC 9457, `application/problem+json`: the body of every refusal over HTTP. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  retryAfterMs: z.int().optional(),
  details: z.record(z.string(), z.json()).optional(),
});
export type Problem = z.infer<typeof problem>;

/** `GET /version`, outside the prefix and open to all. */
export const versionAnswer = z.object({
  name: z.literal('carpenter'),
  version: z.string(),
  protocol: z.int(),
  node: z.string(),
  startedAt: time,
  /** Nobody has an account yet: the next one becomes the owner. */
  firstAccount: z.boolean(),
  /** `invite`: only those who hold an invite link can make an account. */
  registration: z.enum(['open', 'invite']),
});
export type VersionAnswer = z.infer<typeof versionAnswer>;
