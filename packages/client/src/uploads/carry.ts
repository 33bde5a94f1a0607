import type { Attachment, Id } from '@carpenter/protocol';
import { ClientError } from '../error.ts';
import type { Tus } from './tus.ts';
import type { UploadRecord } from './types.ts';

/** A part that goes up in about a second shows progress and loses little at a break. */
const partMin = 128 * 1_024;
const partMax = 8 * 1_024 * 1_024;

/** What became of it on the way. */
export interface Progress {
  announced(mediaId: Id): void;
  sent(bytes: number): void;
  checking(): void;
}

/**
 * Takes a file to the server, from wherever it stands there. May be called again after any error.
 * @param file  missing: it can only be there already
 * @throws {ClientError} what stopped it; `upload.unknown`: the server has thrown it away, begin anew
 */
export async function carry(
  record: UploadRecord,
  file: Blob | undefined,
  needs: {
    readonly tus: Tus;
    /** What it has become. */
    readonly result: (mediaId: Id) => Promise<Attachment | undefined>;
    readonly progress: Progress;
    readonly signal: AbortSignal;
    readonly now: () => number;
  },
): Promise<Attachment> {
  const { tus, result, progress, signal, now } = needs;
  if (!file) {
    const there = record.mediaId === undefined ? undefined : await result(record.mediaId);
    if (there) return there;
    throw new ClientError('upload.lost', 'This device did not keep the file. Choose it again.');
  }
  const mediaId = record.mediaId ?? (await tus.create(record));
  if (record.mediaId === undefined) progress.announced(mediaId);
  let offset = record.mediaId === undefined ? 0 : await tus.offset(mediaId, signal);
  let size = partMin;
  while (offset < file.size) {
    progress.sent(offset);
    const part = file.slice(offset, offset + size);
    if (offset + part.size === file.size && offset > 0) progress.checking();
    const began = now();
    offset = await tus.send(mediaId, offset, part, signal);
    const tookMs = now() - began;
    if (tookMs < 700) size = Math.min(size * 2, partMax);
    else if (tookMs > 3_000) size = Math.max(size / 2, partMin);
  }
  progress.checking();
  const attachment = await result(mediaId);
  if (!attachment) throw new ClientError('server.fault', 'The server has the whole file, and does not say what it is.');
  return attachment;
}
