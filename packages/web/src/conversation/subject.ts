import type { Timeline } from '@carpenter/client';
import type { Id } from '@carpenter/protocol';
import { useRef } from 'react';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { words } from '../words/words.ts';

/** What a conversation is about, as far as its name and face go. */
export interface Subject {
  readonly id: Id;
  readonly title: string;
  readonly direct: boolean;
  readonly shape: 'person' | 'group' | 'channel';
  /** Direct: the other. */
  readonly peer: Id | undefined;
  readonly faceId: Id;
  /** Of a group or channel. */
  readonly picture?: Id | undefined;
}

export function useSubject(id: Id, timeline: Timeline): Subject {
  const me = useMe();
  const { nameOf } = usePeople();
  const row = useObservable(useClient().conversations)?.find(each => each.id === id);
  const conversation = timeline.conversation ?? row?.conversation;
  const direct = conversation === undefined || conversation.type === 'direct';
  const peer = direct ? (row?.peer?.id ?? conversation?.memberIds?.find(member => member !== me.id)) : undefined;
  const nameless = timeline.phase === 'gone' ? words.timeline.gone : words.timeline.unnamed;
  const known = useRef<Subject>(undefined);
  // Gone, and still on the page for what was not sent: it keeps its name.
  if (!conversation && known.current) return known.current;
  const subject: Subject = {
    id,
    direct,
    shape: direct ? 'person' : conversation.type === 'channel' ? 'channel' : 'group',
    peer,
    title: conversation?.name ?? row?.title ?? (peer && nameOf(peer)) ?? nameless,
    faceId: peer ?? id,
    picture: conversation?.pictureId,
  };
  if (conversation) known.current = subject;
  return subject;
}
