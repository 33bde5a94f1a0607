import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseWhenFull } from './disk.ts';

/** What came in, in a file of its own that whoever asked for it removes. */
export interface Incoming {
  readonly path: string;
  readonly bytes: number;
  /** `broken`: the connection went in the middle. `too_much`: there was more; it was not read. */
  readonly end: 'whole' | 'broken' | 'too_much';
}

/** Where files stand while they come in and are looked at. */
export interface Workshop {
  /** A new place in it, empty. */
  place(): string;
  /** Writes a body down as it comes, up to `maxBytes`. @throws {Refusal} media.no_room; nothing is left then */
  receive(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Incoming>;
  /** Removes what a crash has left. */
  tidy(): Promise<void>;
}

/** Nothing takes so long: what is older was left behind. */
const leftAfterMs = 24 * 3_600_000;

export async function openWorkshop(folder: string): Promise<Workshop> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = () => join(folder, randomUUID());

  return {
    place,
    async receive(body, maxBytes) {
      const path = place();
      try {
        return { path, ...(await write(path, body, maxBytes)) };
      } catch (error) {
        await rm(path, { force: true });
        refuseWhenFull(error);
        throw error;
      }
    },
    async tidy() {
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        const found = await stat(path).catch(() => undefined); // gone meanwhile
        if (found && found.mtimeMs < Date.now() - leftAfterMs) await rm(path, { force: true });
      }
    },
  };
}

async function write(path: string, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Omit<Incoming, 'path'>> {
  const file = await open(path, 'wx', 0o600);
  let bytes = 0;
  const source = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Only the reading may break and leave something of use; a disk that fails is an error.
      const next = await source.next().catch(() => undefined);
      if (!next) return { bytes, end: 'broken' };
      if (next.done) return { bytes, end: 'whole' };
      if (bytes + next.value.length > maxBytes) return { bytes, end: 'too_much' };
      await file.writeFile(next.value);
      bytes += next.value.length;
    }
  } finally {
    await source.return?.(); // the rest is not wanted
    await file.close();
  }
}
