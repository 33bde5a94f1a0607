import { useEffect, useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Logo } from '../parts/Logo.tsx';
import { showToast } from '../parts/toasts.ts';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Nowhere.module.css';

/** Beside the list while no conversation is open: what one can do here, all the more in the first minute. */
export function Nowhere({ onBegin }: { onBegin: () => void }) {
  const go = useGo();
  const rows = useObservable(useClient().conversations);
  const [failed, setFailed] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(location.origin).then(
      () => showToast({ text: words.list.addressCopied }),
      () => setFailed(true),
    );
  const empty = rows?.length === 0;
  // Whoever is new lands where everybody is, not in front of a choice of one.
  const [only] = rows?.length === 1 ? rows : [];
  const landing = only?.conversation.everybody ? only.id : undefined;
  useEffect(() => {
    if (landing !== undefined) go.instead({ at: 'conversation', id: landing, details: false });
  }, [landing, go.instead]);
  return (
    <main className={styles.nowhere}>
      <ConnectionBar />
      <div className={styles.middle}>
        <Logo size={40} />
        <h1>{empty ? words.list.empty : words.list.choose}</h1>
        <p>{empty ? words.list.emptyLead : words.list.chooseLead}</p>
        <Button look="main" onClick={onBegin}>
          {words.list.begin}
        </Button>
        {empty && (
          <div className={styles.address}>
            <p>{words.list.alone}</p>
            <code>{location.origin}</code>
            <Button size="small" onClick={copy}>
              {words.list.copyAddress}
            </Button>
            {failed && <p role="alert">{words.message.copyFailed}</p>}
          </div>
        )}
      </div>
    </main>
  );
}
