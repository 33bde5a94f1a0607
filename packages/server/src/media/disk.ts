import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse } from '@carpenter/protocol';
import { codeOf } from '../store/database.ts';
import { BlobMissing, type BlobStore } from './blobs.ts';

/** Files under a folder of this machine. @param folder on the same disk as what `put` is given: it moves, it does not copy */
export function openDisk(folder: string): BlobStore {
  // The last two digits of an id are random: no folder gets more than a 256th of all.
  const placeOf = (name: string) => join(folder, name.slice(34, 36), name);

  return {
    async put(key, path) {
      const [name = '', part = ''] = key.split('/');
      const place = placeOf(name);
      try {
        await mkdir(place, { recursive: true, mode: 0o700 });
        await flush(path);
        await rename(path, join(place, part));
        await flush(place);
        await flush(dirname(place));
      } catch (error) {
        refuseWhenFull(error);
        throw error;
      }
    },
    async read(key, range) {
      const [name = '', part = ''] = key.split('/');
      try {
        const file = await open(join(placeOf(name), part));
        return file.createReadStream(range);
      } catch (error) {
        throw codeOf(error) === 'ENOENT' ? new BlobMissing(key) : error;
      }
    },
    async remove(key) {
      const [name = '', part = ''] = key.split('/');
      await rm(join(placeOf(name), part), { force: true });
    },
    async removeAll(name, but = []) {
      const place = placeOf(name);
      if (but.length === 0) return rm(place, { recursive: true, force: true });
      const parts = await readdir(place).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      });
      for (const part of parts) if (!but.includes(`${name}/${part}`)) await rm(join(place, part), { force: true });
    },
  };
}

/** What was written survives the loss of power; of a folder: the names in it do. */
async function flush(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws {Refusal} media.no_room where the disk, or our share of it, is full */
export function refuseWhenFull(error: unknown): void {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') refuse('media.no_room', {});
}
