import type { Delivery, NotificationAnswer } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { Modal } from '../parts/Modal.tsx';
import { sentence } from '../words/failures.ts';
import { fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { asking } from './asking.ts';
import { Failed } from './Failed.tsx';
import styles from './Why.module.css';
import { whySentences } from './whyWords.ts';

/** Why a message rang, or did not; of one's own, whom it did not reach. */
export function WhyDialog() {
  const about = useObservable(asking);
  return about && <Why key={`${about.id} ${about.seq}`} {...about} />;
}

function Why({ id, seq, mine }: { id: string; seq: number; mine: boolean }) {
  const client = useClient();
  const [answer, setAnswer] = useState<NotificationAnswer>();
  const [failed, setFailed] = useState<readonly Delivery[]>();
  const [missing, setMissing] = useState<string>();
  const { notify } = words;
  useEffect(() => {
    const asked = mine
      ? client.failedDeliveries(id, seq).then(setFailed)
      : client.whyNotified(id, seq).then(found => {
          setAnswer(found);
          setFailed(found.failed);
        });
    asked.catch(error => setMissing(sentence(error)));
  }, [client, id, seq, mine]);
  return (
    <Modal title={mine ? notify.whyMineTitle : notify.whyTitle} onClose={() => asking.set(undefined)}>
      {missing && (
        <p role="alert" className={styles.missing}>
          {missing}
        </p>
      )}
      {answer && (
        <div className={styles.why}>
          {whySentences(answer).map((sentence, i) => (
            <p key={sentence} className={i === 0 ? styles.first : undefined}>
              {sentence}
            </p>
          ))}
          <small>{answer.at === undefined ? notify.notKept : notify.decidedAt(fullTime(answer.at))}</small>
        </div>
      )}
      {mine && failed?.length === 0 && <p className={styles.why}>{notify.reachedAll}</p>}
      {failed && failed.length > 0 && <Failed deliveries={failed} />}
    </Modal>
  );
}
