import { useEffect, useRef } from 'react';
import { useBar } from '../conversation/ConnectionBar.tsx';
import { showToast } from '../parts/toasts.ts';
import { words } from '../words/words.ts';
import { useClient, useObservable } from './client.ts';

/** "Back online. 3 messages sent.": once what waited has gone, and only if the bar had been seen; nobody is back who was not here. */
export function useBackToast(): void {
  const client = useClient();
  const barSeen = useBar() !== undefined;
  const online = useObservable(client.connection).phase === 'online';
  const waiting = useObservable(client.outbox).filter(message => message.status.is !== 'failed').length;
  const away = useRef<{ waited: number } | undefined>(undefined);
  const here = useRef(false);
  useEffect(() => {
    if (online) here.current = true;
    if (barSeen && (here.current || waiting > 0)) away.current = { waited: waiting };
    else if (away.current && online && waiting === 0) {
      showToast({ text: words.connection.back(away.current.waited) });
      away.current = undefined;
    }
  }, [barSeen, online, waiting]);
}
