import type { Report } from '@carpenter/protocol';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { useGo } from '../place.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { ReportCard } from './ReportCard.tsx';
import styles from './Reports.module.css';

type State = 'open' | 'resolved';
interface Page {
  readonly state: State;
  readonly reports: readonly Report[];
  readonly next?: string | undefined;
}

/** What people reported where I moderate: each with what stood around it, and what can be done. */
export function Reports() {
  const client = useClient();
  const go = useGo();
  const news = useObservable(client.reportNews);
  const [state, setState] = useState<State>('open');
  const [page, setPage] = useState<Page>();
  const [missing, setMissing] = useState<string>();
  const [failed, attempt] = useTry();
  const { safety } = words;

  // biome-ignore lint/correctness/useExhaustiveDependencies: news say that there is something to ask for.
  useEffect(() => {
    let current = true;
    client.reports(state).then(
      found => {
        if (!current) return;
        setPage({ state, ...found });
        setMissing(undefined);
      },
      error => current && setMissing(said(error)),
    );
    return () => {
      current = false;
    };
  }, [client, state, news]);

  const more = () =>
    attempt(async () => {
      if (!page) return;
      const further = await client.reports(page.state, page.next);
      setPage({ ...page, ...further, reports: [...page.reports, ...further.reports] });
    });
  const shown = page?.state === state ? page : undefined;
  return (
    <main className={place.place}>
      <header className={place.head}>
        <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
        <h1>{safety.queue}</h1>
        <Choice
          label={safety.state}
          value={state}
          options={[
            { value: 'open', label: safety.open },
            { value: 'resolved', label: safety.resolved },
          ]}
          onChange={setState}
        />
      </header>
      <ConnectionBar />
      <div className={place.scroll}>
        <div className={place.column}>
          {(missing ?? failed) && (
            <p role="alert" className={place.failed}>
              {failed ?? safety.loadFailed}
            </p>
          )}
          {shown && shown.reports.length > 0 && (
            <ul className={styles.reports}>
              {shown.reports.map(report => (
                <li key={report.id}>
                  <ReportCard report={report} />
                </li>
              ))}
            </ul>
          )}
          <p role="status" className={styles.note}>
            {shown?.reports.length === 0 && (state === 'open' ? safety.noneOpen : safety.noneResolved)}
          </p>
          {shown?.next !== undefined && <Button onClick={more}>{safety.loadMore}</Button>}
        </div>
      </div>
    </main>
  );
}
