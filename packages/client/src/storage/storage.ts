import { type Cell, cell } from '../observable.ts';
import type { Storage } from '../types/basics.ts';
import { indexedDbStorage } from './indexeddb.ts';
import { memoryStorage } from './memory.ts';
import { opened } from './opened.ts';

/**
 * A storage that never fails: where the lasting one gives up, memory takes over, and `kind` says so. A value that stands in both is
 * listed twice, the newer one last.
 */
export interface SafeStorage extends Storage {
  readonly kind: Cell<'kept' | 'memory'>;
  /** What stood in it is out of reach: evicted, deleted, or taken over by a later page. What a page holds of it is all that is left. */
  readonly lost: boolean;
}

export function openStorage(given: Storage | undefined, name: string): SafeStorage {
  const memory = memoryStorage();
  const kind = cell<'kept' | 'memory'>('kept');
  const real = opened(() => open(given, name), memory);
  real.then(storage => {
    if (!storage.lasting) kind.set('memory');
  });
  let broken = false;
  let lost = false;
  /** Full or taken away, for all further writes. */
  const gaveUp = () => {
    broken = true;
    kind.set('memory');
  };
  const unreadable = () => {
    lost = true;
    gaveUp();
  };
  const kept = async (prefix: string) => (broken ? memory.list(prefix) : []);
  return {
    get lasting() {
      return kind.get() === 'kept';
    },
    get lost() {
      return lost;
    },
    kind,
    read: async key => (await memory.read(key)) ?? (await (await real).read(key).catch(unreadable)),
    // One that is full can still be read: what it would not take any more stands behind what it holds, and is newer.
    list: async prefix => [...((await (await real).list(prefix).catch(unreadable)) ?? []), ...(await kept(prefix))],
    async write(key, value) {
      const storage = await real;
      if (!broken || value === undefined)
        try {
          await storage.write(key, value);
          if (!broken) return;
        } catch {
          gaveUp();
        }
      await memory.write(key, value);
    },
    close: async () => (await real).close().catch(gaveUp),
  };
}

async function open(given: Storage | undefined, name: string): Promise<Storage> {
  if (given) return given;
  return typeof indexedDB === 'undefined' ? memoryStorage() : indexedDbStorage(name);
}
