import type { Timeline } from '@carpenter/client';
import { mayDo } from '@carpenter/protocol';
import { words } from '../words/words.ts';

/** Why one cannot write here, as a sentence; undefined: one can. */
export function whyClosed({ phase, conversation, mine }: Timeline): string | undefined {
  if (phase === 'gone') return words.composer.gone;
  if (conversation?.archivedAt !== undefined) return words.rooms.archived;
  const may = conversation?.writers === undefined || (mine && mayDo(mine.role, 'write.restricted'));
  return may ? undefined : words.rooms.restricted;
}
