import type { EventOf, Id, Scheduled } from '@carpenter/protocol';
import { pages } from '../pages.ts';
import type { Retries } from '../retries.ts';
import type { Session } from '../session.ts';
import { type Watched, watched } from './watched.ts';

export interface Later {
  readonly list: Watched<readonly Scheduled[] | undefined>;
  take(scheduled: Scheduled): void;
  heard(event: EventOf<'scheduled.updated' | 'scheduled.removed'>): void;
  gone(id: Id): void;
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
const inOrder = (list: readonly Scheduled[]): readonly Scheduled[] =>
  list.toSorted((a, b) => compare(a.sendAt, b.sendAt) || compare(a.id, b.id));

/** Messages for later, all of them: one person has at most 200. */
export function createLater(ask: Session['ask'], retries: Retries): Later {
  const list = watched<readonly Scheduled[] | undefined>('scheduled', undefined, load, retries);
  async function load(): Promise<void> {
    const found: Scheduled[] = [];
    for await (const page of pages(cursor => ask('scheduled', { query: { limit: 200, cursor } }))) {
      found.push(...page.scheduled);
    }
    list.cell.set(inOrder(found));
  }
  const without = (id: Id) => (list.get() ?? []).filter(one => one.id !== id);
  const take = (scheduled: Scheduled) => {
    if (list.get()) list.cell.set(inOrder([...without(scheduled.id), scheduled]));
  };
  const gone = (id: Id) => {
    if (list.get()) list.cell.set(without(id));
  };
  return {
    list,
    take,
    gone,
    heard: event => (event.type === 'scheduled.updated' ? take(event.scheduled) : gone(event.id)),
  };
}
