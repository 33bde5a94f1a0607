import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Id, refuse } from '@carpenter/protocol';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Actor } from './actor.ts';

/** Who a token speaks for. `expiresAt`: ms since 1970. */
export type Verified = Actor & { readonly expiresAt: number };

const header = { alg: 'HS256', typ: 'at+jwt' };
const issuer = 'carpenter';
const audience = 'carpenter-api';
const payload = z.object({ sub: z.uuid(), sid: z.uuid(), username: z.string(), exp: z.int() });

/** One token has one form: those who read Base64 pass over padding, and over bits that stand for nothing. */
const isAsWritten = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

/** A key for each purpose out of one secret, so that no kind of token says anything about another. */
export function createTokens(secret: string, accessTokenSeconds: number) {
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `carpenter v1 ${purpose}`, 32));
  const accessKey = keyFor('access token');
  const refreshKey = keyFor('refresh token');
  const mediaKey = keyFor('media token');
  const macOf = (head: string, key: Buffer = refreshKey) => createHmac('sha256', key).update(head).digest();
  /** `mac` as text has 43 characters, and one form. */
  const isBy = (key: Buffer, head: string, mac: string) =>
    timingSafeEqual(Buffer.from(macOf(head, key).toString('base64url')), Buffer.from(mac));

  return {
    async issueAccess(who: Actor): Promise<{ token: string; expiresAt: number }> {
      const now = Math.floor(Date.now() / 1_000);
      const exp = now + accessTokenSeconds;
      const token = await new SignJWT({ sid: who.sessionId, username: who.username })
        .setProtectedHeader(header)
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(who.userId)
        .setIssuedAt(now)
        .setExpirationTime(exp)
        .sign(accessKey);
      return { token, expiresAt: exp * 1_000 };
    },

    /** @throws auth.required (not a token of ours), auth.expired */
    async readAccess(token: string): Promise<Verified> {
      if (!token.split('.').every(isAsWritten)) refuse('auth.required', {});
      try {
        const verified = await jwtVerify(token, accessKey, {
          algorithms: [header.alg],
          typ: header.typ,
          issuer,
          audience,
          clockTolerance: 5,
          requiredClaims: ['sub', 'sid', 'iat', 'exp'],
        });
        const { sub, sid, username, exp } = payload.parse(verified.payload);
        return { userId: sub, sessionId: sid, username, expiresAt: exp * 1_000 };
      } catch (error) {
        if (error instanceof errors.JWTExpired) refuse('auth.expired', {});
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) refuse('auth.required', {});
        throw error;
      }
    },

    /** `v1.<session>.<generation>.<HMAC>`: nothing of it is stored, so a copy of the database opens nothing. */
    refreshToken(sessionId: Id, generation: number): string {
      const head = `v1.${sessionId}.${generation}`;
      return `${head}.${macOf(head).toString('base64url')}`;
    },

    /** @returns undefined when it was not made here */
    readRefresh(token: string): { sessionId: Id; generation: number } | undefined {
      const [, head, sessionId, generation, mac] = /^(v1\.([0-9a-f-]{36})\.(\d{1,9}))\.([\w-]{43})$/.exec(token) ?? [];
      if (head === undefined || sessionId === undefined || mac === undefined) return undefined;
      return isBy(refreshKey, head, mac) ? { sessionId, generation: Number(generation) } : undefined;
    },

    /** `m1.<session>.<user>.<username>.<HMAC>`: reads files for as long as its session stands. */
    mediaToken({ sessionId, userId, username }: Actor): string {
      const head = `m1.${sessionId}.${userId}.${username}`;
      return `${head}.${macOf(head, mediaKey).toString('base64url')}`;
    },

    /** @throws auth.required (not a token of ours) */
    readMedia(token: string): Verified {
      const found = /^(m1\.([0-9a-f-]{36})\.([0-9a-f-]{36})\.([a-z0-9_.-]{3,32}))\.([\w-]{43})$/.exec(token);
      const [, head, sessionId, userId, username, mac] = found ?? [];
      if (!head || !sessionId || !userId || !username || !mac || !isBy(mediaKey, head, mac))
        refuse('auth.required', {});
      return { sessionId, userId, username, expiresAt: Number.MAX_SAFE_INTEGER };
    },
  };
}
export type Tokens = ReturnType<typeof createTokens>;
