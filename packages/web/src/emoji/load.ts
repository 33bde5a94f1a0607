import { useEffect, useState } from 'react';
import { type Catalogue, catalogueOf } from './catalogue.ts';

let loaded: Catalogue | undefined;
let loading: Promise<Catalogue> | undefined;

/** The emoji and their names, from our own server, once somebody wants them. Asked again after a failure. */
export async function loadEmoji(): Promise<Catalogue> {
  loading ??= Promise.all([
    import('emojibase-data/en/compact.json'),
    import('emojibase-data/en/shortcodes/iamcal.json'),
  ]).then(([list, codes]) => catalogueOf(list.default, codes.default));
  try {
    loaded = await loading;
    return loaded;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** `undefined` until they are there, and as long as `wanted` is false and nobody else wanted them. */
export function useEmoji(wanted: boolean): { catalogue: Catalogue | undefined; failed: boolean } {
  const [catalogue, setCatalogue] = useState(loaded);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!wanted || catalogue) return;
    let current = true;
    loadEmoji().then(
      found => current && setCatalogue(found),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [wanted, catalogue]);
  return { catalogue, failed };
}
