import type { ChosenPage } from '@carpenter/client';
import { useEffect, useState } from 'react';
import { usePeople } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { said } from '../words/failures.ts';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Dialogs.module.css';

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly page: (cursor?: string) => Promise<ChosenPage>;
}

/** Who chose what, first ones first: one list for each thing that was chosen. */
export function Choosers({ choices }: { choices: readonly Choice[] }) {
  const [key, setKey] = useState(choices[0]?.key);
  const chosen = choices.find(choice => choice.key === key) ?? choices[0];
  if (!chosen) return <p className={styles.note}>{words.reaction.nobody}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms. */}
      <div className={styles.choices} role="group" aria-label={words.reaction.which}>
        {choices.map(choice => (
          <button key={choice.key} type="button" aria-pressed={choice === chosen} onClick={() => setKey(choice.key)}>
            <span>{choice.label}</span> {words.app.count(choice.count)}
          </button>
        ))}
      </div>
      <PeopleList key={chosen.key} choice={chosen} />
    </>
  );
}

function PeopleList({ choice }: { choice: Choice }) {
  const { nameOf } = usePeople();
  const [people, setPeople] = useState<ChosenPage['people']>([]);
  const [next, setNext] = useState<{ cursor?: string }>();
  const [failed, setFailed] = useState<string>();
  const read = async (cursor?: string) => {
    setFailed(undefined);
    try {
      const page = await choice.page(cursor);
      setPeople(before => (cursor === undefined ? page.people : [...before, ...page.people]));
      setNext(page.next === undefined ? undefined : { cursor: page.next });
    } catch (error) {
      setFailed(said(error));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is another list.
  useEffect(() => {
    void read();
  }, []);
  return (
    <>
      <ul className={styles.people}>
        {people.map(({ userId, at }) => (
          <li key={userId}>
            <Face id={userId} name={nameOf(userId)} size={32} />
            <bdi>{nameOf(userId)}</bdi>
            <time dateTime={at}>{longTime(at, serverNow())}</time>
          </li>
        ))}
      </ul>
      {next && (
        <Button look="link" onClick={() => read(next.cursor)}>
          {words.details.more}
        </Button>
      )}
      {failed && (
        <p className={styles.note} role="alert">
          {words.details.failed(failed)}
        </p>
      )}
    </>
  );
}
