import type { Conversation, SearchAnswer, SearchHit } from '@carpenter/protocol';
import { useNow } from '../hooks/clock.ts';
import { Face } from '../parts/Face.tsx';
import { words } from '../words/words.ts';
import { Hit } from './Hit.tsx';
import styles from './Hits.module.css';
import { useTitles } from './useTitles.ts';

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
  return (
    <>
      {groups.map(({ conversation, hits }) => (
        <section key={conversation.id} className={styles.group} aria-labelledby={`in-${conversation.id}`}>
          <h2 id={`in-${conversation.id}`} className={styles.head}>
            <Face
              id={titleOf(conversation).faceId}
              name={titleOf(conversation).title}
              size={24}
              shape={shapeOf(conversation)}
              picture={conversation.pictureId}
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
    </>
  );
}

const shapeOf = ({ type }: Conversation) =>
  type === 'direct' ? ('person' as const) : type === 'channel' ? ('channel' as const) : ('group' as const);
