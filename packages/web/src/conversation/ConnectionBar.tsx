import { WifiOff } from 'lucide-react';
import { useClient, useObservable } from '../hooks/client.ts';
import { useDeviceNow } from '../hooks/clock.ts';
import { Button } from '../parts/Button.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { words } from '../words/words.ts';
import { type Bar, barFor } from './bar.ts';
import styles from './ConnectionBar.module.css';

export function useBar(): Bar | undefined {
  const client = useClient();
  const state = useObservable(client.connection);
  const unsent = useObservable(client.outbox).filter(message => message.status.is !== 'failed').length;
  const settled = state.phase === 'online' || state.phase === 'idle';
  return barFor(state, unsent, useDeviceNow(settled ? undefined : 500));
}

/** Says how the connection is whenever it is not as it should be, and what happens to what one writes. */
export function ConnectionBar() {
  const client = useClient();
  const bar = useBar();
  const acts = {
    retry: { label: words.connection.tryNow, act: () => client.retryNow() },
    reload: { label: words.connection.reload, act: () => location.reload() },
    signIn: { label: words.connection.signIn, act: () => void client.logout() },
    signOut: { label: words.connection.signOut, act: () => void client.logout() },
  };
  const act = bar?.act && acts[bar.act];
  return (
    <>
      <div role="status">
        <Hidden>{bar?.spoken}</Hidden>
      </div>
      {bar && (
        <section className={styles.bar} aria-label={bar.lead}>
          <WifiOff size={20} strokeWidth={1.6} aria-hidden="true" />
          <p aria-hidden="true">
            <b>{bar.lead}</b> {bar.rest}
          </p>
          {act && (
            <Button size="small" onClick={act.act}>
              {act.label}
            </Button>
          )}
        </section>
      )}
    </>
  );
}
