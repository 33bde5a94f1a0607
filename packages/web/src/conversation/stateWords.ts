import type { MessageStatus, TimelineMessage } from '@carpenter/client';
import type { Id } from '@carpenter/protocol';
import { reason } from '../words/failures.ts';
import { clock } from '../words/times.ts';
import { words } from '../words/words.ts';
import type { MessageItem } from './items.ts';

export const statusOf = (entry: TimelineMessage): MessageStatus | undefined => entry.status;

/** Outlined while it waits for a connection, reddened when it was refused. A wait of a blink looks like sending. */
export function lookOf({ entry }: MessageItem): 'queued' | 'failed' | undefined {
  if (entry.kind !== 'unsent') return undefined;
  if (entry.status.is === 'failed') return 'failed';
  return entry.status.is === 'queued' && entry.status.because.code !== 'waiting.turn' ? 'queued' : undefined;
}

function queuedWords(because: { code: string; words: string }): string {
  if (because.code === 'waiting.connection') return words.message.queued;
  if (because.code === 'waiting.uploads') return words.media.queued;
  return because.code === 'waiting.turn' ? words.message.turn : because.words;
}

/** How far my message has come, in words. */
export function stateWords({ entry, at }: MessageItem, nameOf: (id: Id) => string): string | undefined {
  const { status } = entry;
  switch (status?.is) {
    case 'queued':
      return queuedWords(status.because);
    case 'sent':
      return words.message.sent;
    case 'delivered':
      return words.message.deliveredAt(clock(at));
    case 'read':
      return words.message.readByNames(status.by.map(nameOf));
    case 'failed':
      return words.message.failed(reason(status.because));
    default:
      return undefined;
  }
}
