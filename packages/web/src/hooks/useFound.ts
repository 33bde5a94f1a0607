import { useEffect, useEffectEvent, useState } from 'react';

export interface Found<T> {
  /** Of the last answer, until the next one comes: results never jump to nothing while one types. */
  readonly found: readonly T[];
  readonly looking: boolean;
  readonly failed: boolean;
}
const askAfterMs = 200;

/** Asks the server while somebody types; nothing is asked without a query. */
export function useFound<T>(query: string | undefined, ask: (query: string) => Promise<readonly T[]>): Found<T> {
  const [answer, setAnswer] = useState<{ query: string; found: readonly T[]; failed: boolean }>();
  const look = useEffectEvent((words: string) => ask(words).catch(() => undefined));
  useEffect(() => {
    if (query === undefined) return;
    let current = true;
    const timer = setTimeout(
      async () => {
        const found = await look(query);
        if (current) setAnswer({ query, found: found ?? [], failed: found === undefined });
      },
      query === '' ? 0 : askAfterMs,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);
  return {
    found: query === undefined ? [] : (answer?.found ?? []),
    looking: query !== undefined && answer?.query !== query,
    failed: answer?.failed ?? false,
  };
}
