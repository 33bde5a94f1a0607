import type { Readable } from 'node:stream';

/** Bytes from `start` up to and with `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where files lie, by keys of our own making (`<media id>/original`). It knows nothing of what they are or whose. */
export interface BlobStore {
  /** Takes the file at `path` over. Durable when it resolves. @throws {Refusal} media.no_room, media.store_away */
  put(key: string, path: string): Promise<void>;
  /** @throws {BlobMissing}, {Refusal} media.store_away */
  read(key: string, range?: Range): Promise<Readable>;
  /** One of them, by its key; none is fine. @throws {Refusal} media.store_away */
  remove(key: string): Promise<void>;
  /** Everything under `<folder>/`, but these keys; none is fine. @throws {Refusal} media.store_away */
  removeAll(folder: string, but?: readonly string[]): Promise<void>;
}

/** The database knows this file and the store does not: one of them was restored without the other. */
export class BlobMissing extends Error {
  constructor(key: string) {
    super(`The file ${key} is missing in the store.`);
    this.name = 'BlobMissing';
  }
}
