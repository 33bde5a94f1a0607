import { openDB } from 'idb';
import type { Storage } from '../types/basics.ts';
import { openJournal } from './journal.ts';

const store = 'kept';
/** What somebody wrote: it must outlive even a page that goes in the same moment. */
const precious = 'outbox/';

/** @throws when the browser keeps nothing for this page (private window, blocked, no room) */
export async function indexedDbStorage(name: string): Promise<Storage> {
  const db = await openDB(name, 1, {
    upgrade: fresh => {
      fresh.createObjectStore(store);
    },
    // a later version of this page opens another version of the store: let it
    blocking: (_current, _blocked, event) => {
      if (event.target instanceof IDBDatabase) event.target.close();
    },
  });
  const journal = openJournal(name);
  return {
    lasting: true,
    read: key => db.get(store, key),
    async list(prefix) {
      const notes = prefix.startsWith(precious) ? journal.left(prefix) : [];
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [keys, values] = await Promise.all([db.getAllKeys(store, range), db.getAll(store, range)]);
      const known = new Set(keys.map(String));
      return [...values, ...notes.filter(([key]) => !known.has(key)).map(([, value]) => value)];
    },
    async write(key, value) {
      if (value === undefined) await db.delete(store, key);
      else {
        if (key.startsWith(precious)) journal.note(key, value);
        await db.put(store, value, key);
      }
      journal.done(key);
    },
    close: async () => db.close(),
  };
}
