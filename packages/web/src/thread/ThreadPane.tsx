import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Id, Seq } from '@carpenter/protocol';
import { ArrowLeft, Bell, BellOff, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import header from '../conversation/Header.module.css';
import type { Subject } from '../conversation/subject.ts';
import { Talk } from '../conversation/Talk.tsx';
import details from '../details/Details.module.css';
import { useClient, useObservable } from '../hooks/client.ts';
import { usePhone } from '../hooks/surroundings.ts';
import { useTry } from '../hooks/useTry.ts';
import { useMessage } from '../message/useMessage.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { addressOf, useGo } from '../place.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { Root } from './Root.tsx';
import styles from './ThreadPane.module.css';

interface Props {
  parent: ConversationHandle;
  /** What the conversation shows that the thread is part of. */
  around: Timeline;
  subject: Subject;
  /** The message it hangs on. */
  seq: Seq;
  openAt: Seq | undefined;
  compact: boolean;
}

/** A thread beside its conversation: what it began with, the replies, and where one writes its own. */
export function ThreadPane({ parent, around, subject, seq, openAt, compact }: Props) {
  const go = useGo();
  const phone = usePhone();
  const [id, setId] = useState<Id>();
  const [failed, setFailed] = useState<string>();
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again.
  useEffect(() => {
    let current = true;
    setFailed(undefined);
    parent.thread(seq).then(
      found => current && setId(found),
      (error: unknown) => current && setFailed(said(error)),
    );
    return () => {
      current = false;
    };
  }, [parent, seq, tries]);
  const close = () => go.up({ at: 'conversation', id: parent.id, details: false });
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the close button and Esc do the same. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the close button and Esc do the same. */}
      <div className={details.scrim} onClick={close} />
      <aside className={`${details.pane} ${styles.pane}`} data-talk="" aria-label={words.thread.title}>
        <header className={details.head}>
          {phone && <IconButton className={header.back} icon={ArrowLeft} label={words.app.back} onClick={close} />}
          <div className={styles.title}>
            <h2>{words.thread.title}</h2>
            <p>
              <bdi>{subject.title}</bdi>
            </p>
          </div>
          {id !== undefined && <Follow id={id} />}
          {!phone && <IconButton icon={X} label={words.app.close} keys="Escape" onClick={close} />}
        </header>
        {failed && (
          <div className={styles.failed} role="alert">
            <p>{words.details.failed(failed)}</p>
            <Button size="small" onClick={() => setTries(tries + 1)}>
              {words.timeline.retry}
            </Button>
          </div>
        )}
        {id !== undefined && (
          <Replies
            id={id}
            parent={parent}
            around={around}
            subject={subject}
            seq={seq}
            openAt={openAt}
            compact={compact}
          />
        )}
      </aside>
    </>
  );
}

function Replies({ id, parent, around, subject, seq, openAt, compact }: Props & { id: Id }) {
  const client = useClient();
  const handle = useMemo(() => client.conversation(id), [client, id]);
  const timeline = useObservable(handle.timeline);
  const [also, setAlso] = useState(false);
  const root = useMessage(parent, seq);
  const addressOfReply = useCallback(
    (message: Seq) =>
      location.origin + addressOf({ at: 'conversation', id: parent.id, details: false, thread: seq, message }),
    [parent, seq],
  );
  return (
    <Talk
      handle={handle}
      timeline={timeline}
      people={around}
      title={subject.title}
      layout={compact ? 'compact' : 'rows'}
      openAt={openAt}
      head={<Root parent={parent} around={around} seq={seq} replies={timeline.lastSeq} />}
      beganAt={root === 'missing' ? undefined : root?.createdAt}
      over={
        <label className={styles.also}>
          <input type="checkbox" checked={also} onChange={event => setAlso(event.target.checked)} />
          <bdi>{words.thread.also(subject.title)}</bdi>
        </label>
      }
      beside={also ? { alsoInParent: true } : undefined}
      onSent={() => setAlso(false)}
      addressOf={addressOfReply}
    />
  );
}

function Follow({ id }: { id: Id }) {
  const client = useClient();
  const handle = useMemo(() => client.conversation(id), [client, id]);
  const following = useObservable(handle.timeline).mine?.following === true;
  const [failed, attempt] = useTry();
  const label = following ? words.thread.unfollow : words.thread.follow;
  return (
    <>
      {failed && (
        <p role="alert" className={styles.fault}>
          {failed}
        </p>
      )}
      <IconButton
        icon={following ? Bell : BellOff}
        label={label}
        aria-pressed={following}
        onClick={() => attempt(() => handle.follow(!following))}
      />
    </>
  );
}
