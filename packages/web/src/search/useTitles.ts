import type { Conversation, Id } from '@carpenter/protocol';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';

/** How a conversation is called here, and whose face it has. */
export function useTitles(): (conversation: Conversation) => { title: string; faceId: Id } {
  const me = useMe();
  const { nameOf } = usePeople();
  const rows = useObservable(useClient().conversations);
  return conversation => {
    const peer = conversation.memberIds?.find(id => id !== me.id);
    const row = rows?.find(each => each.id === conversation.id);
    return { title: row?.title || (conversation.name ?? nameOf(peer)), faceId: peer ?? conversation.id };
  };
}
