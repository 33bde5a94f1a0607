import type { StoredMessage } from '@carpenter/client';
import type { Poll as PollOf } from '@carpenter/protocol';
import { Check } from 'lucide-react';
import { use, useId } from 'react';
import { useRoom } from '../conversation/room.ts';
import { serverNow } from '../hooks/clock.ts';
import { TabStopContext } from '../markdown/names.ts';
import { Button } from '../parts/Button.tsx';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { attempt } from './faults.ts';
import styles from './Poll.module.css';
import { chosenBy } from './Reactions.tsx';

/** A question with answers to choose from: a press gives my vote, or takes it back. */
export function Poll({ entry, poll }: { entry: StoredMessage; poll: PollOf }) {
  const { handle, me, nameOf, open } = useRoom();
  const tabIndex = use(TabStopContext);
  const name = useId();
  const { seq, sender } = entry.message;
  const votes = entry.own?.votes ?? [];
  const sum = poll.options.reduce((all, option) => all + option.count, 0);
  const closed = poll.closedAt !== undefined;
  const vote = (next: readonly number[]) => attempt(handle, seq, () => handle.vote(seq, next));
  const press = (option: number) => {
    if (votes.includes(option)) vote(votes.filter(each => each !== option));
    else vote(poll.multiple ? [...votes, option].sort((a, b) => a - b) : [option]);
  };
  return (
    <fieldset className={styles.poll} disabled={closed}>
      <legend>
        {closed ? words.poll.closed(longTime(poll.closedAt ?? '', serverNow())) : words.poll.how(poll.multiple)}
      </legend>
      {poll.options.map(({ text, count, first }, option) => {
        const mine = votes.includes(option);
        return (
          <label
            // biome-ignore lint/suspicious/noArrayIndexKey: answers are known by their number.
            key={option}
            className={styles.option}
            title={count > 0 ? chosenBy(first, count, mine, me, nameOf) : undefined}
          >
            <input
              type={poll.multiple ? 'checkbox' : 'radio'}
              name={name}
              tabIndex={tabIndex}
              checked={mine}
              // Also a radio button is pressed to take a vote back.
              onClick={() => !poll.multiple && mine && press(option)}
              onChange={() => press(option)}
            />
            <span className={styles.mark} data-multiple={poll.multiple || undefined} aria-hidden="true">
              {mine && <Check size={14} strokeWidth={2.4} />}
            </span>
            <span className={styles.text} dir="auto">
              {text}
            </span>
            <span className={styles.count}>{words.poll.votes(count)}</span>
            <meter className={styles.bar} min={0} max={Math.max(1, sum)} value={count} aria-hidden="true" />
          </label>
        );
      })}
      <div className={styles.foot}>
        <span>{words.poll.sum(sum)}</span>
        {sum > 0 && (
          <Button look="link" tabIndex={tabIndex} onClick={() => open({ kind: 'votes', entry })}>
            {words.poll.who}
          </Button>
        )}
        {!closed && sender === me && (
          <Button look="link" tabIndex={tabIndex} onClick={() => attempt(handle, seq, () => handle.closePoll(seq))}>
            {words.poll.close}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
