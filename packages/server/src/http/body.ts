import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badInput } from './problem.ts';

/** Deeper than anything of ours; recursion over what a stranger sent must end somewhere. */
const maxDepth = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON, or nothing, which is `undefined`. */
export function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    body.length === 0 ? undefined : parseJson(body),
  );
}

/** For routes that take bytes: whatever they are called, the handler reads them as they come. */
export function leaveUnread(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async () => undefined);
  app.addHook('onRequest', async request => {
    if (!request.mediaType) delete request.raw.headers['content-type']; // what is no type says nothing, as none does
  });
}

/**
 * Gives the bytes of a request to `read`. What it leaves is thrown away as it comes, so that whoever sends too much hears why, and
 * the connection goes on.
 * @param read  `stop`: the bytes end as if the connection had broken, and an answer can be given all the same
 */
export async function readBytes<T>(
  { raw }: FastifyRequest,
  read: (bytes: AsyncIterable<Uint8Array>, stop: () => void) => Promise<T>,
): Promise<T> {
  const stopped = new AbortController();
  try {
    return await read(bytesOf(raw, stopped.signal), () => stopped.abort());
  } finally {
    raw.resume();
  }
}

/** Unlike its own iterator, one whose wait for bytes that do not come can be ended. */
async function* bytesOf(raw: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (raw.readableEnded) return;
  if (!raw.destroyed) {
    const wanted = { signal, close: ['end', 'close'], highWaterMark: 1 };
    const events: AsyncIterable<readonly Uint8Array[]> = on(raw, 'data', wanted);
    for await (const bytes of events) yield* bytes;
  }
  if (!raw.readableEnded) throw new Error('the connection broke');
}

function parseJson(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw badInput('The body is not JSON in UTF-8.');
  }
  if (deeperThan(value, maxDepth)) throw badInput(`The body is nested deeper than ${maxDepth} levels.`);
  return value;
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some(inner => deeperThan(inner, levels - 1));
}
