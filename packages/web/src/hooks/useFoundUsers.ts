import type { User } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from './client.ts';

export interface FoundUsers {
  /** Of the last answer, until the next one comes: results never jump to nothing while one types. */
  readonly users: readonly User[];
  readonly looking: boolean;
  readonly failed: boolean;
}
const askAfterMs = 200;

/** People whose name or username begins like this; all, as far as a page goes, for ''; nobody is asked for without a query. */
export function useFoundUsers(query: string | undefined): FoundUsers {
  const client = useClient();
  const [answer, setAnswer] = useState<{ query: string; users: readonly User[]; failed: boolean }>();
  useEffect(() => {
    if (query === undefined) return;
    let current = true;
    const ask = async () => {
      const found = await client.findUsers(query, 20).catch(() => undefined);
      if (current) setAnswer({ query, users: found ?? [], failed: found === undefined });
    };
    const timer = setTimeout(ask, query === '' ? 0 : askAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, query]);
  return {
    users: query === undefined ? [] : (answer?.users ?? []),
    looking: answer?.query !== query,
    failed: answer?.failed ?? false,
  };
}
