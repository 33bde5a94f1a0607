import type { Id } from '@carpenter/protocol';
import { useEffect, useEffectEvent } from 'react';
import { useObservable } from '../hooks/client.ts';
import type { Draft } from '../hooks/draft.ts';
import type { Drafts } from '../hooks/drafts.ts';

/** What was written on another device, or in another tab, comes into the composer where nothing newer stands. Files come by themselves. */
export function useDraftFromElsewhere(drafts: Drafts, conversation: Id, take: (draft: Draft) => void): void {
  const { text = '', replyTo } = useObservable(drafts.all).get(conversation) ?? {};
  const arrived = useEffectEvent(() => take(drafts.get(conversation)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when what is kept has changed
  useEffect(() => arrived(), [text, replyTo]);
}
