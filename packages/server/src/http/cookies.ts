import type { FastifyReply } from 'fastify';
import { idleDays } from '../auth/auth.ts';
import type { Config } from '../config.ts';

export const refreshCookie = 'carpenter_refresh';
/** Opens files to be read, and nothing else: a page's `<img>` cannot send a header. */
export const mediaCookie = 'carpenter_media';

/** Both cookies of a browser that is logged in. */
export function createCookies(config: Config) {
  const secure = config.publicUrl?.startsWith('https:') ?? false;
  const shared = { httpOnly: true, sameSite: 'strict', secure } as const;
  const places = [
    { name: refreshCookie, options: { ...shared, path: '/api/v1/auth' } },
    { name: mediaCookie, options: { ...shared, path: '/api/v1/media' } },
  ] as const;
  return {
    set(reply: FastifyReply, tokens: { readonly refreshToken: string; readonly mediaToken: string }): void {
      const maxAge = idleDays * 86_400;
      const [refresh, media] = places;
      reply.setCookie(refresh.name, tokens.refreshToken, { ...refresh.options, maxAge });
      reply.setCookie(media.name, tokens.mediaToken, { ...media.options, maxAge });
    },
    clear(reply: FastifyReply): void {
      for (const { name, options } of places) reply.clearCookie(name, options);
    },
  };
}
