import type { Id } from '@carpenter/protocol';
import { useEffect, useEffectEvent } from 'react';
import { useObservable } from '../hooks/client.ts';
import type { Drafts } from '../hooks/drafts.ts';

/** What was written on another device, or in another tab, comes into the field where nothing newer stands. */
export function useDraftFromElsewhere(drafts: Drafts, conversation: Id, take: (text: string) => void): void {
  const kept = useObservable(drafts.all).get(conversation)?.text ?? '';
  const arrived = useEffectEvent(() => take(drafts.get(conversation).text));
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when what is kept has changed
  useEffect(() => arrived(), [kept]);
}
