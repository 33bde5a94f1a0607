import type { ConversationRow, MessageStatus, UnsentMessage } from '@carpenter/client';
import type { Id, Message } from '@carpenter/protocol';
import { systemLine } from '../conversation/systemLine.ts';
import { type Draft, isWritten } from '../hooks/draft.ts';
import { preview } from '../markdown/plain.ts';
import { summaryOf } from '../message/summary.ts';
import { words } from '../words/words.ts';

/** The second line of a row: the first of these that applies. */
export type Preview =
  | { readonly kind: 'failed' | 'draft'; readonly lead: string; readonly text: string }
  | { readonly kind: 'typing'; readonly text: string }
  | { readonly kind: 'message'; readonly text: string; readonly status?: MessageStatus['is'] | undefined }
  /** What happened, in words of this page. */
  | { readonly kind: 'system'; readonly text: string }
  | { readonly kind: 'empty'; readonly text: string };

function typingLine(row: ConversationRow, nameOf: (id: Id) => string): string {
  const [first] = row.typing;
  if (row.conversation.type === 'direct') return words.list.typing;
  if (row.typing.length === 1 && first !== undefined) return words.list.someoneTyping(nameOf(first));
  return words.list.manyTyping(row.typing.length);
}

function messageLine(row: ConversationRow, message: Message, me: Id, nameOf: (id: Id) => string): string {
  const text = summaryOf(message, me, nameOf);
  if (row.conversation.type === 'direct') return text;
  return message.sender === me ? words.list.youSaid(text) : words.list.says(nameOf(message.sender), text);
}

const waitingFiles = ({ more }: UnsentMessage): string => (more?.uploads ? words.media.files(more.uploads.length) : '');

export function previewOf(row: ConversationRow, draft: Draft | undefined, me: Id, nameOf: (id: Id) => string): Preview {
  const failed = row.unsent.find(message => message.status.is === 'failed');
  if (failed) {
    const { lead, rest } = words.list.failed(preview(failed.text));
    return { kind: 'failed', lead, text: rest };
  }
  if (draft && isWritten(draft)) {
    const files = draft.attachments?.length ?? 0;
    const { lead, rest } = words.list.draft(preview(draft.text) || (files > 0 ? words.media.files(files) : ''));
    return { kind: 'draft', lead, text: rest };
  }
  if (row.typing.length > 0) return { kind: 'typing', text: typingLine(row, nameOf) };
  const waiting = row.unsent.at(-1);
  if (waiting)
    return { kind: 'message', text: preview(waiting.text) || waitingFiles(waiting), status: waiting.status.is };
  if (!row.lastMessage) return { kind: 'empty', text: words.list.nothingYet };
  if (row.lastBlocked) return { kind: 'empty', text: words.safety.blockedMessage };
  if (row.lastMessage.type === 'system') return { kind: 'system', text: systemLine(row.lastMessage, me, nameOf) };
  const text = messageLine(row, row.lastMessage, me, nameOf);
  return { kind: 'message', text, status: row.lastMessage.deletedAt ? undefined : row.lastStatus?.is };
}
