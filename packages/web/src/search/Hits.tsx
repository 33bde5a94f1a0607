import type { Conversation, Id, SearchAnswer, SearchHit } from '@carpenter/protocol';
import type { KeyboardEvent } from 'react';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { useNow } from '../hooks/surroundings.ts';
import { Face } from '../parts/Face.tsx';
import { words } from '../words/words.ts';
import { Hit } from './Hit.tsx';
import styles from './Hits.module.css';

interface Group {
  readonly conversation: Conversation;
  readonly hits: readonly SearchHit[];
}

/** What was found, by conversation; the one with the first hit first. */
export function Hits({ answer }: { answer: SearchAnswer }) {
  const now = useNow(60_000);
  const titleOf = useTitles();
  const byId = new Map(answer.conversations.map(conversation => [conversation.id, conversation]));
  const rootOf = (hit: SearchHit) => {
    const conversation = byId.get(hit.message.conversationId);
    return byId.get(conversation?.parent?.conversationId ?? '') ?? conversation;
  };
  const groups = [...Map.groupBy(answer.hits, rootOf)].flatMap(([conversation, hits]): Group[] =>
    conversation ? [{ conversation, hits }] : [],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const links = [...event.currentTarget.querySelectorAll<Element>('[data-hit]')];
    const at = document.activeElement ? links.indexOf(document.activeElement) : -1;
    event.preventDefault();
    if (at + step < 0) document.getElementById('search-field')?.focus();
    const next = links[at + step];
    if (next instanceof HTMLElement) next.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from hit to hit, and each is a link.
    <div onKeyDown={onKeyDown}>
      {groups.map(({ conversation, hits }) => (
        <section key={conversation.id} className={styles.group} aria-labelledby={`in-${conversation.id}`}>
          <h2 id={`in-${conversation.id}`} className={styles.head}>
            <Face
              id={titleOf(conversation).faceId}
              name={titleOf(conversation).title}
              size={24}
              shape={shapeOf(conversation)}
            />
            <bdi>{titleOf(conversation).title}</bdi>
            <span className={styles.count}>{words.search.inGroup(hits.length)}</span>
          </h2>
          <ul>
            {hits.map(hit => (
              <li key={hit.message.id}>
                <Hit hit={hit} conversation={byId.get(hit.message.conversationId) ?? conversation} now={now} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const shapeOf = ({ type }: Conversation) =>
  type === 'direct' ? ('person' as const) : type === 'channel' ? ('channel' as const) : ('group' as const);

/** How a conversation is called here, and whose face it has. */
function useTitles(): (conversation: Conversation) => { title: string; faceId: Id } {
  const me = useMe();
  const { nameOf } = usePeople();
  const rows = useObservable(useClient().conversations);
  return conversation => {
    const peer = conversation.memberIds?.find(id => id !== me.id);
    const row = rows?.find(each => each.id === conversation.id);
    return { title: row?.title || (conversation.name ?? nameOf(peer)), faceId: peer ?? conversation.id };
  };
}
