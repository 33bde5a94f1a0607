import type { Delivery } from '@carpenter/protocol';
import { usePeople } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { words } from '../words/words.ts';
import styles from './Why.module.css';
import { fateOf } from './whyWords.ts';

/** What did not arrive: to whom, over what, why, and what becomes of it. */
export function Failed({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { nameOf } = usePeople();
  const { failures } = words.notify;
  return (
    <ul className={styles.list}>
      {deliveries.map(one => (
        <li key={one.id}>
          <b>{failures.to(nameOf(one.userId), failures.over[one.over], one.device)}</b>
          <span>{one.lastError}</span>
          <small>{fateOf(one, serverNow())}</small>
        </li>
      ))}
    </ul>
  );
}
