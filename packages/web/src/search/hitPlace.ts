import type { Conversation, Message } from '@carpenter/protocol';
import type { Place } from '../place.ts';

/** Where a message that was found stands. */
export function hitPlace({ conversationId, seq }: Message, { parent }: Pick<Conversation, 'parent'>): Place {
  if (!parent) return { at: 'conversation', id: conversationId, details: false, message: seq };
  return { at: 'conversation', id: parent.conversationId, details: false, thread: parent.seq, message: seq };
}
