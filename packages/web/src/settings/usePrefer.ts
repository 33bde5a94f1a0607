import { ClientError } from '@carpenter/client';
import type { Preferences } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';

export interface Note {
  readonly text: string;
  readonly failed?: true;
}
export type Prefer = (change: Preferences) => void;

const showForMs = 3_000;

/** Changes preferences, and says for a while what became of it. */
export function usePrefer(): [note: Note | undefined, prefer: Prefer] {
  const client = useClient();
  const [note, setNote] = useState<Note>();
  useEffect(() => {
    if (!note || note.failed) return;
    const timer = setTimeout(setNote, showForMs, undefined);
    return () => clearTimeout(timer);
  }, [note]);
  const prefer = async (change: Preferences) => {
    try {
      await client.personal.prefer(change);
      setNote({ text: words.settings.saved });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (error.worthRetrying) setNote({ text: words.settings.savedHere });
      else setNote({ text: words.settings.notSaved(reason(error)), failed: true });
    }
  };
  return [note, change => void prefer(change)];
}
