import { type VersionAnswer, versionAnswer } from '@carpenter/protocol';
import { useEffect, useState } from 'react';

export type ServerVersion =
  | { readonly is: 'asked' }
  | { readonly is: 'down' }
  | { readonly is: 'up'; readonly answer: VersionAnswer };

const everyMs = 5_000;

async function ask(signal: AbortSignal): Promise<ServerVersion> {
  const response = await fetch('/version', { signal: AbortSignal.any([signal, AbortSignal.timeout(everyMs)]) });
  const found = response.ok ? versionAnswer.safeParse(await response.json()) : undefined;
  return found?.success ? { is: 'up', answer: found.data } : { is: 'down' };
}

/** Whether the server can be reached, asked again until it can. */
export function useServerVersion(): ServerVersion {
  const [version, setVersion] = useState<ServerVersion>({ is: 'asked' });
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const found = await ask(stop.signal).catch((): ServerVersion => ({ is: 'down' }));
      if (stop.signal.aborted) return;
      setVersion(found);
      if (found.is === 'down') timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, []);
  return version;
}
