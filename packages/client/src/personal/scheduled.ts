import type { EventOf, Id, Scheduled } from '@carpenter/protocol';
import { pages } from '../pages.ts';
import type { Retries } from '../retries.ts';
import { ascending } from './ascending.ts';
import { type Watched, watched } from './watched.ts';

export interface Later {
  readonly list: Watched<readonly Scheduled[] | undefined>;
  take(scheduled: Scheduled): void;
  heard(event: EventOf<'scheduled.updated' | 'scheduled.removed'>): void;
  gone(id: Id): void;
}

const inOrder = (list: readonly Scheduled[]): readonly Scheduled[] =>
  list.toSorted((a, b) => ascending(a.sendAt, b.sendAt) || ascending(a.id, b.id));

/** One of the routes: a page of them. */
type Read = (
  route: 'scheduled',
  asked: { query: { limit: number; cursor: string | undefined } },
) => Promise<{ scheduled: readonly Scheduled[]; next?: string | undefined }>;

/** Messages for later, all of them: one person has at most 200. */
export function createLater(ask: Read, retries: Retries): Later {
  const list = watched<readonly Scheduled[] | undefined>('scheduled', undefined, load, retries);
  let changes = 0;
  async function load(): Promise<void> {
    const asked = changes;
    const found: Scheduled[] = [];
    for await (const page of pages(cursor => ask('scheduled', { query: { limit: 200, cursor } }))) {
      found.push(...page.scheduled);
    }
    if (asked !== changes) return load(); // it may be older than what was heard meanwhile
    list.cell.set(inOrder(found));
  }
  const without = (id: Id) => (list.get() ?? []).filter(one => one.id !== id);
  const take = (scheduled: Scheduled) => {
    changes++;
    if (list.get()) list.cell.set(inOrder([...without(scheduled.id), scheduled]));
  };
  const gone = (id: Id) => {
    changes++;
    if (list.get()) list.cell.set(without(id));
  };
  return {
    list,
    take,
    gone,
    heard: event => (event.type === 'scheduled.updated' ? take(event.scheduled) : gone(event.id)),
  };
}
