import { type Conversation, displayName, forever, type Id, type Mine } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Field } from '../parts/Field.tsx';
import { endOfToday, inOneHour, isMuted, levelOf } from '../sidebar/attention.ts';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Details.module.css';

/** How I keep it: when it notifies me, and by which words. */
export function Keeping({ id, conversation, mine }: { id: Id; conversation: Conversation; mine: Mine }) {
  const client = useClient();
  const [failed, attempt] = useTry();
  const { keep } = words;
  const change = (patch: Parameters<typeof client.updateMine>[1]) => attempt(() => client.updateMine(id, patch));
  const now = serverNow();
  const muted = isMuted(mine, now);
  return (
    <section className={styles.block}>
      <h3>{keep.notify}</h3>
      <Choice
        label={keep.notify}
        value={levelOf({ conversation, mine })}
        options={(['all', 'mentions', 'nothing'] as const).map(value => ({ value, label: keep.levels[value] }))}
        onChange={notify => change({ notify })}
      />
      <div className={styles.mute}>
        {muted ? (
          <>
            <span>
              {mine.mutedUntil === forever || mine.mutedUntil === undefined
                ? keep.muted
                : keep.mutedUntil(longTime(mine.mutedUntil, now))}
            </span>
            <Button size="small" onClick={() => change({ mutedUntil: null })}>
              {keep.unmute}
            </Button>
          </>
        ) : (
          <>
            <span>{keep.mute}</span>
            <Button size="small" onClick={() => change({ mutedUntil: inOneHour(now) })}>
              {keep.muteHour}
            </Button>
            <Button size="small" onClick={() => change({ mutedUntil: endOfToday(now) })}>
              {keep.muteToday}
            </Button>
            <Button size="small" onClick={() => change({ mutedUntil: forever })}>
              {keep.muteForever}
            </Button>
          </>
        )}
      </div>
      <Keywords
        key={(mine.keywords ?? []).join()}
        keywords={mine.keywords ?? []}
        onSave={keywords => change({ keywords })}
      />
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
    </section>
  );
}

const keywordsMax = 20;

function Keywords({ keywords, onSave }: { keywords: readonly string[]; onSave: (words: string[]) => void }) {
  const before = keywords.join(', ');
  const [text, setText] = useState(before);
  const [wrong, setWrong] = useState(false);
  const { keep } = words;
  const save = () => {
    const given = text.split(',').filter(word => word.trim() !== '');
    const checked = given.map(word => displayName.safeParse(word));
    const found = checked.flatMap(({ data }) => data ?? []);
    if (found.length < given.length || given.length > keywordsMax) return setWrong(true);
    onSave([...new Set(found)]);
  };
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        label={keep.keywords}
        hint={keep.keywordsHint}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setWrong(false);
        }}
        error={wrong ? keep.keywordsWrong : undefined}
      />
      {text !== before && (
        <div className={styles.acts}>
          <Button size="small" look="main" type="submit">
            {keep.save}
          </Button>
        </div>
      )}
    </form>
  );
}
