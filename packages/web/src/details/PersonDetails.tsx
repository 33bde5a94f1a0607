import { presenceWords } from '../conversation/presenceWords.ts';
import type { Subject } from '../conversation/subject.ts';
import { usePeople, usePresence } from '../hooks/client.ts';
import { useNow } from '../hooks/surroundings.ts';
import { Face } from '../parts/Face.tsx';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';
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
      {user && <p>{words.details.here(dateOf(user.createdAt))}</p>}
    </div>
  );
}
