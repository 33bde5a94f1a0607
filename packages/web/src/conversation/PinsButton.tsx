import type { ConversationHandle, Timeline } from '@carpenter/client';
import { Pin } from 'lucide-react';
import { usePins } from '../details/usePins.ts';
import { useSummary } from '../message/useSummary.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';

/** Says what was pinned last, and leads to the list of all. Nothing where nothing is pinned. */
export function PinsButton({ handle, timeline }: { handle: ConversationHandle; timeline: Timeline }) {
  const summaryOf = useSummary();
  const go = useGo();
  const [newest] = usePins(handle, timeline).messages ?? [];
  if (!newest) return null;
  return (
    <IconButton
      icon={Pin}
      label={words.pins.open(summaryOf(newest).slice(0, 80))}
      onClick={() => go.to({ at: 'conversation', id: handle.id, details: true })}
    />
  );
}
