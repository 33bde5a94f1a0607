import { useEffect, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';

/**
 * Reads the first page of a list as soon as there is a connection, and again with the next one where that failed.
 * @returns whether the last try failed, except without a connection: then the bar says why; and how to read any page
 */
export function useFirstPage(first: () => Promise<void>): [failed: boolean, read: (page: () => Promise<void>) => void] {
  const online = useObservable(useClient().connection).phase === 'online';
  const [begun, setBegun] = useState(false);
  const [failed, setFailed] = useState(false);
  const read = (page: () => Promise<void>) => {
    page().then(
      () => {
        setFailed(false);
        setBegun(true);
      },
      () => setFailed(true),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each connection.
  useEffect(() => {
    setFailed(false);
    if (online && !begun) read(first);
  }, [online]);
  return [failed && online, read];
}
