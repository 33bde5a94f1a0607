import { type IDBPDatabase, openDB } from 'idb';
import { opened } from '../storage/opened.ts';

/** Where the bytes of files stand until they are uploaded, so that a reload does not lose them. */
export interface Files {
  /** False: this device does not keep it, it goes with the page. */
  keep(id: string, file: Blob): Promise<boolean>;
  read(id: string): Promise<Blob | undefined>;
  forget(id: string): Promise<void>;
  close(): Promise<void>;
}

const store = 'files';

/** A database of its own: one that is full must not take the messages' along. Programs keep files themselves. */
export function openFiles(name: string): Files {
  if (typeof indexedDB === 'undefined') return nowhere;
  const open = opened<IDBPDatabase | undefined>(
    () => openDB(`${name} files`, 1, { upgrade: db => void db.createObjectStore(store) }),
    undefined,
  );
  return {
    async keep(id, file) {
      try {
        const db = await open;
        await db?.put(store, file, id);
        return db !== undefined;
      } catch {
        return false; // no room
      }
    },
    async read(id) {
      const found: unknown = await (await open)?.get(store, id).catch(() => undefined);
      return found instanceof Blob ? found : undefined;
    },
    async forget(id) {
      await (await open)?.delete(store, id).catch(() => {}); // it goes with the next clearing of the browser
    },
    close: async () => (await open)?.close(),
  };
}

const nowhere: Files = {
  keep: async () => false,
  read: async () => undefined,
  forget: async () => {},
  close: async () => {},
};
