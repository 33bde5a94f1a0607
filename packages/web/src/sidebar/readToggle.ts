import type { Client, ConversationRow } from '@carpenter/client';

/** Takes the mark "unread" from a conversation, or puts it there; `undefined` where there is nothing to be marked. */
export interface ReadToggle {
  readonly unread: boolean;
  readonly act: () => void | Promise<void>;
}

export function readToggle(client: Client, { id, unread, mine, lastMessage }: ConversationRow): ReadToggle | undefined {
  const handle = client.conversation(id);
  if (!lastMessage) return undefined;
  const { seq, type } = lastMessage;
  if (unread > 0 || mine.unreadFrom !== undefined) return { unread: true, act: () => handle.markRead(seq) };
  return type === 'text' ? { unread: false, act: () => handle.markUnread(seq) } : undefined;
}
