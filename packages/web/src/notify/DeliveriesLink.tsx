import { Link } from 'wouter';
import { addressOf } from '../place.ts';
import { Card } from '../settings/Card.tsx';
import { words } from '../words/words.ts';
import styles from './Why.module.css';

/** For the owner of the server: where to see what did not arrive. */
export function DeliveriesLink() {
  return (
    <Card title={words.notify.deliveries}>
      <p>
        <Link className={styles.link} href={addressOf({ at: 'deliveries' })}>
          {words.notify.deliveriesLink}
        </Link>
      </p>
    </Card>
  );
}
