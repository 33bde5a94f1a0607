import type { ConversationHandle, Timeline } from '@carpenter/client';
import { Pin } from 'lucide-react';
import { usePeople } from '../hooks/client.ts';
import { useSummary } from '../message/useSummary.ts';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Pinned.module.css';
import { usePins } from './usePins.ts';

/** What is pinned in a conversation, latest first; a press goes there. */
export function Pinned({ handle, timeline }: { handle: ConversationHandle; timeline: Timeline }) {
  const { nameOf } = usePeople();
  const summaryOf = useSummary();
  const go = useGo();
  const { messages, failed } = usePins(handle, timeline);
  if (!failed && (messages === undefined || messages.length === 0)) return null;
  return (
    <section className={styles.pinned} aria-label={words.pins.title}>
      <h3>
        {words.pins.title} <span>{messages && words.app.count(messages.length)}</span>
      </h3>
      {failed && <p role="alert">{words.pins.failed}</p>}
      <ul>
        {messages?.map(message => (
          <li key={message.id}>
            <button
              type="button"
              onClick={() => go.instead({ at: 'conversation', id: handle.id, details: true, message: message.seq })}
            >
              <Pin size={16} strokeWidth={1.6} aria-hidden="true" />
              <span dir="auto">
                <b>
                  <bdi>{nameOf(message.sender)}</bdi>
                </b>{' '}
                {summaryOf(message)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
