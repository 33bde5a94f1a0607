import { fixed } from '@carpenter/protocol';
import { forgetMedia, takeUnused } from '../store/uploads.ts';
import type { Media } from './media.ts';

const everyMs = 3_600_000;
/** Files of one round; the next one follows at once where there are more. */
const roundMax = 100;

/**
 * Throws away what nobody needs: files in no message, uploads that do not go on, what a crash has left. Nodes that do so at the same
 * time share the work: what one has taken, the others pass over. @returns how many
 */
export async function sweep({ db, blobs, workshop, log }: Media): Promise<number> {
  await workshop.tidy();
  let swept = 0;
  for (let more = true; more; ) {
    const ids = await takeUnused(db, fixed.unusedMediaDays, roundMax);
    for (const id of ids) {
      await blobs.removeAll(id);
      await forgetMedia(db, id);
    }
    swept += ids.length;
    more = ids.length === roundMax;
  }
  if (swept > 0) log.info({ swept }, 'files that nobody needs were thrown away');
  return swept;
}

/** Sweeps once an hour, beginning now. @returns how to end it */
export function startSweeping(media: Media): () => void {
  const run = () => {
    sweep(media).catch((error: unknown) => media.log.warn({ err: error }, 'unused files could not be thrown away'));
  };
  run();
  const timer = setInterval(run, everyMs).unref();
  return () => clearInterval(timer);
}
