import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Message } from '@carpenter/protocol';
import { useEffect, useMemo, useState } from 'react';

export interface Pins {
  /** Latest pin first; undefined until they are known. */
  readonly messages: readonly Message[] | undefined;
  readonly failed: boolean;
}

/** What is pinned here, read again whenever something on the page says that it is no longer so. */
export function usePins(handle: ConversationHandle, timeline: Timeline): Pins {
  const [pins, setPins] = useState<Pins>({ messages: undefined, failed: false });
  const { messages, phase } = timeline;
  // Pins of messages in view, and system lines that tell of others.
  const seen = useMemo(
    () =>
      messages
        .flatMap(entry => (entry.kind === 'stored' ? [entry.message] : []))
        .filter(message => message.pinnedAt !== undefined || message.system?.kind === 'pinned')
        .map(message => `${message.seq} ${message.pinnedAt === undefined ? '' : message.rev}`)
        .join(),
    [messages],
  );
  const ready = phase === 'ready';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen is why it is read again.
  useEffect(() => {
    if (!ready) return;
    let current = true;
    handle.pins().then(
      found => current && setPins({ messages: found.map(({ message }) => message), failed: false }),
      () => current && setPins(before => ({ ...before, failed: true })),
    );
    return () => {
      current = false;
    };
  }, [handle, ready, seen]);
  return pins;
}
