import type { Id, Message } from '@carpenter/protocol';
import { systemLine } from '../conversation/systemLine.ts';
import { preview } from '../markdown/plain.ts';
import { fileSummary } from '../media/fileWords.ts';
import { words } from '../words/words.ts';

/** What a message says to `me`, in one line, for lists, quotes and ears. Its sender is not named in it. */
export function summaryOf(message: Message, me: Id, nameOf: (id: Id) => string): string {
  if (message.type === 'system') return systemLine(message, me, nameOf);
  if (message.deletedAt) return words.message.deleted;
  const text = preview(message.text);
  if (message.poll) return words.poll.summary(text);
  return text || fileSummary(message);
}
