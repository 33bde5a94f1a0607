import { type Id, type Message, refuse, type SearchFilter, type SearchQuery } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { marks, marksOf } from '../search/document.ts';
import { fold } from '../search/words.ts';
import type { Connection } from '../store/database.ts';
import { seenBy } from '../store/guests.ts';
import { conversationsNamed, peopleNamed } from '../store/search.ts';

/** The filters of a search with ids in the place of names. Absent: no limit. */
export interface Limits {
  readonly me: Id;
  readonly roots?: readonly Id[];
  readonly from?: readonly Id[];
  readonly mentions: readonly Id[];
  readonly has: SearchQuery['has'];
  readonly is: SearchQuery['is'];
}

/** @throws {Refusal} search.filter_unknown: a name that nobody has, somebody whom a guest does not see, or a conversation that is not mine: the same words */
export async function limitsOf(db: Connection, actor: Actor, query: SearchQuery): Promise<Limits> {
  const roots = query.in.length === 0 ? [] : await conversationsNamed(db, actor.userId);
  return {
    me: actor.userId,
    ...(query.in.length > 0 && { roots: called(roots, 'in', query.in) }),
    ...(query.from.length > 0 && { from: await people(db, actor, 'from', query.from) }),
    mentions: await people(db, actor, 'mentions', query.mentions),
    has: query.has,
    is: query.is,
  };
}

async function people(db: Connection, actor: Actor, filter: SearchFilter, names: readonly string[]): Promise<Id[]> {
  const others = names.filter(name => name.toLowerCase() !== 'me');
  const named =
    others.length === 0
      ? []
      : await peopleNamed(
          db,
          others.map(name => name.toLowerCase()),
        );
  const seen = await seenBy(
    db,
    actor.userId,
    named.map(({ id }) => id),
  );
  const known = named.filter(({ id }) => seen.includes(id));
  return [...(others.length < names.length ? [actor.userId] : []), ...called(known, filter, others)];
}

type Named = { readonly id: Id; readonly names: readonly string[] };

/** Those that are called like this. Each of what they may be called, ten thousand perhaps, is folded once. */
function called(known: readonly Named[], filter: SearchFilter, wanted: readonly string[]): Id[] {
  const missing = new Map(wanted.map(name => [fold(name), name]));
  const plain = new Set(missing.keys());
  const found = new Set<Id>();
  for (const { id, names } of known) {
    for (const name of names.map(fold).filter(one => plain.has(one))) {
      found.add(id);
      missing.delete(name);
    }
  }
  for (const name of missing.values()) refuse('search.filter_unknown', { filter, value: name.slice(0, 64) });
  return [...found];
}

/** Whether the filters let a message through, as it is now. */
export function fits({ me, roots, from, mentions, has, is }: Limits, message: Message, rootId: Id): boolean {
  if (roots && !roots.includes(rootId)) return false;
  if (from && !from.includes(message.sender)) return false;
  const meant = message.mentions ?? [];
  const everybody = meant.includes('here') || meant.includes('all');
  if (!mentions.every(id => meant.includes(id) || (id === me && everybody))) return false;
  const its = new Set(marksOf(message, rootId));
  return has.every(what => its.has(marks.has(what))) && is.every(what => its.has(marks.is(what)));
}
