import type { Id, Message } from '@carpenter/protocol';
import { words } from '../words/words.ts';

/** What a system message says to `me`. `sender`: who did it; `userId`: whom it happened to. */
export function systemLine({ sender, system }: Message, me: Id, nameOf: (id: Id) => string): string {
  const of = (id: Id) => (id === me ? undefined : nameOf(id));
  const who = of(sender);
  switch (system?.kind) {
    case 'joined':
      return system.userId === sender ? words.system.joined(who) : words.system.added(who, of(system.userId));
    case 'left':
      return words.system.left(of(system.userId));
    case 'removed':
      return words.system.removed(who, of(system.userId));
    case 'renamed':
      return words.system.renamed(who, system.name);
    case 'topic':
      return words.system.topic(who, system.topic);
    case 'archived':
      return words.system.archived(who);
    case 'unarchived':
      return words.system.unarchived(who);
    case 'pinned':
      return words.system.pinned(who);
    case 'created':
      return words.system.created(who);
    default:
      return words.system.other(who);
  }
}
