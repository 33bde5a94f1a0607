import { decide, type Id, type Message, settingsOf } from '@carpenter/protocol';
import { messageAt } from '../store/messages.ts';
import { listenerIn, type Place, placeOf } from '../store/notified.ts';
import { factsOf } from './facts.ts';
import type { Notify } from './notify.ts';
import { type Pushed, pushMaxBytes } from './push.ts';

/**
 * What a device of somebody is told of a message as things are now: since it was decided they may be out of it, have read it, blocked
 * its sender or want their peace, or the message is gone. @returns undefined: nothing any more
 */
export async function pushedNow(
  notify: Notify,
  { conversationId, seq }: Pick<Message, 'conversationId' | 'seq'>,
  userId: Id,
): Promise<Pushed | undefined> {
  const { db } = notify.chat.store;
  const message = await messageAt(db, conversationId, seq);
  if (!message || message.deletedAt) return undefined;
  const [place, listener] = await Promise.all([placeOf(db, message), listenerIn(db, message, userId)]);
  if (!place || !listener) return undefined;
  const { trigger = 'everything', via } = decide(factsOf(notify, message, place, listener));
  return via.includes('push') ? pushedOf(message, place, settingsOf(listener.preferences), trigger) : undefined;
}

/** What is shown on a screen: no more than a notification holds, and no text for those who keep it off their screens. */
function pushedOf(
  { conversationId, seq, text, attachments, poll }: Message,
  place: Place,
  { notifyPreview }: { readonly notifyPreview: boolean },
  trigger: string,
): Pushed {
  const whole = text || poll?.options[0]?.text || attachments?.map(({ name }) => name).join(', ') || '';
  const path =
    place.parentId === null ? `/c/${conversationId}/m/${seq}` : `/c/${place.parentId}/t/${place.parentSeq ?? 0}`;
  return {
    kind: 'message',
    conversationId,
    seq,
    path,
    sender: place.senderName,
    ...(place.name !== null && { name: place.name }),
    ...(notifyPreview && { text: cut(whole) }),
    trigger,
    ...(place.parentId !== null && { thread: true as const }),
  };
}

const shownChars = 300;
function cut(text: string): string {
  const characters = [...text];
  const short = characters.length > shownChars ? `${characters.slice(0, shownChars).join('')}…` : text;
  return Buffer.byteLength(short) > pushMaxBytes / 2 ? `${characters.slice(0, 100).join('')}…` : short;
}
