import { openDB } from 'idb';
import type { Storage } from '../types.ts';
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
  for (const [key, value] of journal.left()) {
    await db.put(store, value, key);
    journal.done(key);
  }
  return {
    lasting: true,
    read: key => db.get(store, key),
    list: prefix => db.getAll(store, IDBKeyRange.bound(prefix, `${prefix}\uffff`)),
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
