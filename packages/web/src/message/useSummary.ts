import type { Message } from '@carpenter/protocol';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { words } from '../words/words.ts';
import { summaryOf } from './summary.ts';

/** What a message says, in one line: nothing of what people write whom one has blocked. */
export function useSummary(): (message: Message) => string {
  const blocked = useObservable(useClient().blocked);
  const me = useMe().id;
  const { nameOf } = usePeople();
  return message => (blocked.has(message.sender) ? words.safety.blockedMessage : summaryOf(message, me, nameOf));
}
