import type { Attachment, Conversation, Message, SearchAnswer } from '@carpenter/protocol';

/** One file that was found, with the message that it was sent in. */
export interface FoundFile {
  readonly file: Attachment;
  readonly message: Message;
  /** Where it was sent, and, if that is a thread, what the thread hangs in. */
  readonly conversation: Conversation;
  readonly root: Conversation;
  /** What fits in its name. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

/** In the order of the answer, those of one message in theirs. */
export function foundFiles({ hits, conversations }: Pick<SearchAnswer, 'hits' | 'conversations'>): FoundFile[] {
  const byId = new Map(conversations.map(conversation => [conversation.id, conversation]));
  return hits.flatMap(({ message, highlights, files = [] }) => {
    const conversation = byId.get(message.conversationId);
    if (!conversation) return [];
    const root = byId.get(conversation.parent?.conversationId ?? '') ?? conversation;
    return files.flatMap(index => {
      const file = message.attachments?.[index];
      const ranges = highlights.filter(found => found.in === 'name' && found.index === index);
      return file ? [{ file, message, conversation, root, ranges }] : [];
    });
  });
}
