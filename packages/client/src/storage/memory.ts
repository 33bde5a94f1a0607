import type { Storage } from '../types/basics.ts';

/** Lasts as long as the process. Values are kept as JSON, so what comes out is never what went in. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    lasting: false,
    async read(key) {
      const value = values.get(key);
      return value === undefined ? undefined : JSON.parse(value);
    },
    async list(prefix) {
      const keys = [...values.keys()].filter(key => key.startsWith(prefix));
      return keys.map(key => JSON.parse(values.get(key) ?? 'null'));
    },
    async write(key, value) {
      if (value === undefined) values.delete(key);
      else values.set(key, JSON.stringify(value));
    },
    async close() {},
  };
}
