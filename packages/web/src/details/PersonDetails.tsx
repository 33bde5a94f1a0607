import type { Id } from '@carpenter/protocol';
import { Ban } from 'lucide-react';
import { presenceWords } from '../conversation/presenceWords.ts';
import type { Subject } from '../conversation/subject.ts';
import { useClient, useObservable, usePeople, usePresence } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';
import { AboutPerson } from './AboutPerson.tsx';
import styles from './Details.module.css';

/** Who the other is. */
export function PersonDetails({ subject }: { subject: Subject }) {
  const user = usePeople().of(subject.peer);
  const presence = usePresence(subject.peer);
  const now = useNow(30_000);
  return (
    <div className={styles.who}>
      <Face id={subject.faceId} name={subject.title} size={72} presence={presence?.status} />
      <h3>
        <bdi>{subject.title}</bdi>
      </h3>
      {user && <p>{words.details.person(user.username)}</p>}
      {presence && <p>{presenceWords(presence, now)}</p>}
      {user && <AboutPerson user={user} />}
      {user && <p>{words.details.here(dateOf(user.createdAt))}</p>}
    </div>
  );
}

/** No more from them, and the way back. */
export function BlockPerson({ peer, title }: { peer: Id; title: string }) {
  const client = useClient();
  const blocked = useObservable(client.blocked).has(peer);
  const [failed, attempt] = useTry();
  const { safety } = words;
  return (
    <section className={styles.block}>
      <p className={styles.hint}>{blocked ? safety.blocked : safety.blockLead}</p>
      <div className={styles.mute}>
        <Button
          size="small"
          className={cx(!blocked && styles.destroy)}
          onClick={() => attempt(() => (blocked ? client.unblock(peer) : client.block(peer)))}
        >
          <Ban size={16} strokeWidth={1.7} aria-hidden="true" />
          {blocked ? safety.unblock(title) : safety.block(title)}
        </Button>
      </div>
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
    </section>
  );
}
