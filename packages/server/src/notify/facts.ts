import { type Message, type NotificationFacts, settingsOf } from '@carpenter/protocol';
import type { Listener, Place } from '../store/notified.ts';
import type { Notify } from './notify.ts';

/** Everything that counts for one person and one message. */
export function factsOf(
  { chat }: Pick<Notify, 'chat'>,
  message: Message,
  place: Pick<Place, 'type' | 'answers'>,
  listener: Listener,
): NotificationFacts {
  const { userId: to, readSeq, following, kept, preferences, blocked } = listener;
  return {
    to,
    message,
    answersThem: place.answers === to,
    conversation: { type: place.type, following },
    kept,
    readSeq,
    settings: settingsOf(preferences),
    blocked,
    // whoever has just closed their page is still shown as here for half a minute; a push must not wait for that
    presence: chat.presences.now(to),
    at: Date.now(),
  };
}
