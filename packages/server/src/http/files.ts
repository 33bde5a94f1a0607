import type { Attachment } from '@carpenter/protocol';
import type { FastifyReply } from 'fastify';
import type { Range } from '../media/blobs.ts';
import { isHarmless } from '../media/sniff.ts';

/**
 * The head of an answer that carries somebody else's bytes. Only what cannot act is shown; all else is saved under its name. Whatever
 * it is, it gets no scripts, no origin, and nothing of ours.
 */
export function fileHead(reply: FastifyReply, { id, mediaType, name }: Attachment, tag: string): void {
  const shown = isHarmless(mediaType);
  reply.headers({
    'content-type': shown ? mediaType : 'application/octet-stream',
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${extended(name)}`,
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    // The bytes of an id never change, but who may have them does: asked again each time, which costs no bytes.
    'cache-control': 'private, no-cache',
    etag: etagOf(id, tag),
  });
}

const etagOf = (id: string, tag: string): string => `"${id}-${tag}"`;

/** Whoever asks has these bytes already. */
export const isKnown = (ifNoneMatch: string | undefined, id: string, tag: string): boolean =>
  ifNoneMatch?.split(',').some(one => one.trim().replace(/^W\//, '') === etagOf(id, tag)) ?? false;

/** RFC 5987: everything but a few letters as percent-encoded UTF-8, so nothing in a name can end it. */
const extended = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** One range of bytes (RFC 9110). Undefined: all of it, as for what we do not understand. `beyond`: the file ends before. */
export function rangeOf(header: string | undefined, bytes: number): Range | 'beyond' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return to === '0' ? 'beyond' : { start: Math.max(0, bytes - Number(to)), end: bytes - 1 };
  if (Number(from) >= bytes) return 'beyond';
  const end = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return end < Number(from) ? undefined : { start: Number(from), end };
}
