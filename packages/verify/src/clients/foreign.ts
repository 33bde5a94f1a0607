import type { Event, Id } from '@carpenter/protocol';
import type { Heard } from './read-frame.ts';

/** A conversation that a frame names; `rev`: as it stood there. */
export interface Named {
  readonly conv: Id;
  readonly type: Event['type'];
  readonly rev?: number;
}

/** Whatever kind of frame it is, and wherever in it: what names a conversation in which somebody is not. */
export function foreignIn({ event, ids }: Heard, isOut: (conv: Id) => boolean): Named[] {
  const { type } = event;
  return ids.flatMap((conv): Named[] => {
    if (!isOut(conv) || isOwn(event, conv)) return [];
    const rev = revOf(event, conv);
    return [{ conv, type, ...(rev !== undefined && rev > 0 && { rev }) }];
  });
}

/** Whoever was taken out may still learn that a message of theirs is stored. */
const isOwn = (event: Event, conv: Id): boolean => event.type === 'ack' && event.message.conversationId === conv;

function revOf(event: Event, conv: Id): number | undefined {
  switch (event.type) {
    case 'ready':
      return event.conversations.find(state => state.conversation.id === conv)?.rev;
    case 'heads':
      return event.heads.find(head => head.conversationId === conv)?.rev;
    default:
      return 'rev' in event && event.conversationId === conv ? event.rev : undefined;
  }
}
