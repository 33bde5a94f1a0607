import { Bell } from 'lucide-react';
import { useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import { device, turnOn } from './device.ts';
import styles from './PermissionBar.module.css';
import { answered, notNow, permission } from './permission.ts';

/** Asks once, when there is a reason to, whether this browser may tell. What the browser says no to is said in words. */
export function PermissionBar() {
  const client = useClient();
  const due = useObservable(permission);
  const state = useObservable(device);
  const [asking, setAsking] = useState(false);
  if (!due) return null;
  const { notify } = words;
  const ask = async () => {
    setAsking(true);
    await turnOn(client).finally(() => setAsking(false));
    if (device.get() !== 'denied') answered();
  };
  const denied = state === 'denied';
  return (
    <section className={styles.bar} aria-label={denied ? notify.denied : notify.ask}>
      <Bell size={20} strokeWidth={1.6} aria-hidden="true" />
      <p>{denied ? notify.denied : notify.ask}</p>
      {!denied && (
        <Button size="small" look="main" disabled={asking} onClick={() => void ask()}>
          {notify.yes}
        </Button>
      )}
      <Button size="small" onClick={denied ? answered : notNow}>
        {denied ? words.app.close : notify.no}
      </Button>
    </section>
  );
}
