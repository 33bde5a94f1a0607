import type { Id } from '@carpenter/protocol';
import { useState } from 'react';
import { kept } from '../hooks/kept.ts';

const archivedOnly = ['archived'];

/** Which sections of the list are folded: of this browser and account. The archive is, until somebody opens it. */
export function useFolded(account: Id): [ReadonlySet<string>, (section: string, is: boolean) => void] {
  const key = `carpenter.folded.${account}`;
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => {
    const found = kept.read(key);
    return new Set(Array.isArray(found) ? found.filter(one => typeof one === 'string') : archivedOnly);
  });
  const fold = (section: string, is: boolean) => {
    const next = new Set(folded);
    if (is) next.add(section);
    else next.delete(section);
    setFolded(next);
    kept.write(key, [...next]);
  };
  return [folded, fold];
}
