import type { Delivery } from '@carpenter/protocol';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { useGo } from '../place.ts';
import { sentence } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { Failed } from './Failed.tsx';

interface Page {
  readonly deliveries: readonly Delivery[];
  readonly next?: string | undefined;
}

/** For the owner of the server: what could not be delivered, to whom and why, and when it is tried again. */
export function DeliveryPlace() {
  const client = useClient();
  const go = useGo();
  const [page, setPage] = useState<Page>();
  const [missing, setMissing] = useState<string>();
  const [failed, attempt] = useTry();
  const { notify } = words;
  useEffect(() => {
    client.allFailedDeliveries().then(setPage, error => setMissing(sentence(error)));
  }, [client]);
  const more = () =>
    attempt(async () => {
      const further = await client.allFailedDeliveries(page?.next);
      setPage({ ...further, deliveries: [...(page?.deliveries ?? []), ...further.deliveries] });
    });
  return (
    <main className={place.place}>
      <header className={place.head}>
        <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
        <h1>{notify.deliveries}</h1>
      </header>
      <ConnectionBar />
      <div className={place.scroll}>
        <div className={place.column}>
          <p className={place.lead}>{notify.deliveriesLead}</p>
          {(missing ?? failed) && <p role="alert">{missing ?? failed}</p>}
          {page?.deliveries.length === 0 && <p>{notify.allDelivered}</p>}
          {page && <Failed deliveries={page.deliveries} />}
          {page?.next !== undefined && <Button onClick={() => void more()}>{notify.more}</Button>}
        </div>
      </div>
    </main>
  );
}
