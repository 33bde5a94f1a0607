import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Allowances } from '../auth/allowances.ts';
import type { Config } from '../config.ts';
import type { Db } from '../store/database.ts';
import { openDisk } from './disk.ts';
import { openWorkshop } from './incoming.ts';
import { createLatest } from './latest.ts';
import { openLooking } from './looking.ts';
import type { Media } from './media.ts';
import { openS3 } from './s3.ts';
import { startSweeping } from './sweep.ts';

/** Everything that has to do with files: in a bucket where one is configured, else in `dataDir`. */
export async function openMedia(
  { dataDir, s3, limits }: Pick<Config, 'dataDir' | 's3' | 'limits'>,
  db: Db,
  allowances: Allowances,
  log: Logger,
): Promise<{ readonly media: Media; close(): void }> {
  const folder = join(dataDir, 'media');
  const workshop = await openWorkshop(join(folder, 'incoming'));
  const looking = openLooking(log);
  const blobs = s3 ? openS3(s3, log) : openDisk(folder);
  const under = { finishing: new Map(), sending: createLatest() };
  const media: Media = { db, blobs, workshop, looking, limits, allowances, log, ...under };
  const endSweeping = startSweeping(media);
  return {
    media,
    close() {
      endSweeping();
      looking.close();
    },
  };
}
