import { open, readFile, rename } from 'node:fs/promises';
import type { Storage } from './types/basics.ts';

/**
 * Keeps a client's outbox and login in one JSON file that only its owner may read, written whole and atomically, so that a crash
 * leaves the former or the new one. For one client at a time.
 * @throws when the file is there and is not such a file
 */
export async function fileStorage(path: string): Promise<Storage> {
  const values = new Map<string, unknown>(Object.entries(await load(path)));
  let writing: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function save(): Promise<void> {
    const file = await open(`${path}.new`, 'w', 0o600);
    await file.writeFile(JSON.stringify(Object.fromEntries(values)));
    await file.sync();
    await file.close();
    await rename(`${path}.new`, path);
  }
  /** Changes that come while one write is under way share the next one. */
  function saved(): Promise<void> {
    next ??= (writing ?? Promise.resolve())
      .catch(() => {})
      .then(() => {
        writing = next;
        next = undefined;
        return save();
      });
    return next;
  }

  return {
    lasting: true,
    read: async key => values.get(key),
    async list(prefix) {
      const keys = [...values.keys()].filter(key => key.startsWith(prefix));
      return keys.map(key => values.get(key));
    },
    write(key, value) {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      return saved();
    },
    close: async () => next ?? writing,
  };
}

async function load(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is not a file of this client.`);
  return value;
}
