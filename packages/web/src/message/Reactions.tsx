import type { StoredMessage } from '@carpenter/client';
import type { Id } from '@carpenter/protocol';
import { SmilePlus } from 'lucide-react';
import { use } from 'react';
import { useRoom } from '../conversation/room.ts';
import { useEmoji } from '../emoji/load.ts';
import { TabStopContext } from '../markdown/names.ts';
import { Tip } from '../parts/Tip.tsx';
import { words } from '../words/words.ts';
import { attempt } from './faults.ts';
import styles from './Reactions.module.css';

/** Who chose it, as far as the message says: I first, then those who came first. */
export function chosenBy(first: readonly Id[], count: number, mine: boolean, me: Id, nameOf: (id: Id) => string) {
  const others = first.filter(id => id !== me).map(nameOf);
  const named = [...(mine ? [words.app.you] : []), ...others];
  return words.reaction.by(named, Math.max(0, count - named.length));
}

/** What others, and I, have to say without words. A press adds mine or takes it back. */
export function Reactions({ entry }: { entry: StoredMessage }) {
  const { handle, me, nameOf, openEmoji } = useRoom();
  const tabIndex = use(TabStopContext);
  const { message, own } = entry;
  const { catalogue } = useEmoji(false);
  if (!message.reactions || message.reactions.length === 0) return null;
  return (
    <div className={styles.reactions} data-reactions="">
      {message.reactions.map(({ emoji, count, first }) => {
        const mine = own?.emoji?.includes(emoji) ?? false;
        const names = chosenBy(first, count, mine, me, nameOf);
        const name = catalogue?.bySign.get(emoji)?.name ?? emoji;
        return (
          <Tip key={emoji} text={words.reaction.tip(names, name)}>
            <button
              type="button"
              tabIndex={tabIndex}
              className={styles.pill}
              aria-pressed={mine}
              aria-label={words.reaction.spoken(emoji, count, names)}
              onClick={() => attempt(handle, message.seq, () => handle.react(message.seq, emoji, !mine))}
            >
              <span className={styles.sign}>{emoji}</span>
              {words.app.count(count)}
            </button>
          </Tip>
        );
      })}
      <Tip text={words.message.react}>
        <button
          type="button"
          tabIndex={tabIndex}
          className={styles.add}
          aria-label={words.message.react}
          onClick={event => openEmoji(entry, event.currentTarget)}
        >
          <SmilePlus size={16} strokeWidth={1.7} aria-hidden="true" />
        </button>
      </Tip>
    </div>
  );
}
