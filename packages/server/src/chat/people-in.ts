import type { ConversationState, Id } from '@carpenter/protocol';

/** Whose names rows of the list show: the two of a direct conversation, the sender of the last message. */
export function peopleIn(states: readonly ConversationState[]): Set<Id> {
  const ids = states.flatMap(({ conversation, lastMessage }) => [
    ...(conversation.memberIds ?? []),
    ...(lastMessage ? [lastMessage.sender] : []),
  ]);
  return new Set(ids);
}
