import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Message, Seq } from '@carpenter/protocol';
import { useEffect, useState, useSyncExternalStore } from 'react';

/** The window's messages have no holes: where one is follows from the first. */
function messageIn({ messages }: Timeline, seq: Seq): Message | undefined {
  const first = messages[0];
  const entry = first?.kind === 'stored' ? messages[seq - first.message.seq] : undefined;
  return entry?.kind === 'stored' && entry.message.seq === seq ? entry.message : undefined;
}

/** One message of a conversation: as it is on the page, else as the server has it. `missing`: it is not there. */
export function useMessage(handle: ConversationHandle, seq: Seq): Message | 'missing' | undefined {
  const here = useSyncExternalStore(handle.timeline.subscribe, () => messageIn(handle.timeline.get(), seq));
  const [fetched, setFetched] = useState<{ seq: Seq; is: Message | 'missing' }>();
  const known = here !== undefined || fetched?.seq === seq;
  useEffect(() => {
    if (known) return;
    let current = true;
    handle.message(seq).then(
      message => current && setFetched({ seq, is: message }),
      () => current && setFetched({ seq, is: 'missing' }),
    );
    return () => {
      current = false;
    };
  }, [handle, seq, known]);
  return here ?? (fetched?.seq === seq ? fetched.is : undefined);
}
