import type { TimelineMessage } from '@carpenter/client';
import type { Attachment, Message } from '@carpenter/protocol';
import { words } from '../words/words.ts';

const spoken = ({ kind, alt, name }: Attachment): string =>
  kind === 'voice' ? words.media.voice : `${words.media.kinds[kind]}: ${alt ?? name}`;

/** What came with a message, for ears; '' for nothing. */
export function spokenFiles(entry: TimelineMessage): string {
  if (entry.kind === 'stored') return (entry.message.attachments ?? []).map(spoken).join(', ');
  const count = entry.more?.uploads?.length ?? 0;
  return count === 0 ? '' : words.media.files(count);
}

/** The same in a word or two, for lists. */
export function fileSummary({ attachments = [] }: Pick<Message, 'attachments'>): string {
  const [first] = attachments;
  if (!first) return '';
  if (attachments.length === 1) return first.kind === 'file' ? first.name : words.media.kinds[first.kind];
  const pictures = attachments.every(({ kind }) => kind === 'image');
  return pictures ? words.media.pictures(attachments.length) : words.media.files(attachments.length);
}
