import type { EventOf, Id, Unsent } from '@carpenter/protocol';
import { ClientError } from '../error.ts';
import { pages } from '../pages.ts';
import type { Retries } from '../retries.ts';
import type { Session } from '../session.ts';
import { ascending } from './ascending.ts';
import type { Draft } from './types.ts';
import { type Watched, watched } from './watched.ts';

/** Of two states of one draft the one that counts, as the server decides it: the later one; of the same moment the greater. */
export const newer = (a: Unsent, b: Unsent): Unsent => (order(a, b) < 0 ? b : a);

function order(a: Unsent, b: Unsent): number {
  return (
    ascending(a.writtenAt, b.writtenAt) ||
    ascending(a.text, b.text) ||
    ascending(a.replyTo ?? 0, b.replyTo ?? 0) ||
    ascending((a.attachments ?? []).join(), (b.attachments ?? []).join())
  );
}

const isEmpty = ({ text, replyTo, attachments }: Draft): boolean =>
  text === '' && replyTo === undefined && (attachments ?? []).length === 0;

export interface Drafts {
  readonly all: Watched<ReadonlyMap<Id, Unsent>>;
  keep(conversationId: Id, draft: Draft, writtenAt?: string): void;
  stored(conversationId: Id): boolean;
  know(drafts: readonly Unsent[]): void;
  flush(): void;
  heard(event: EventOf<'draft.updated'>): void;
  online(): void;
  close(): void;
}

const sendAfterMs = 1_000;

/** @param now  the server's clock, in ms */
export function createDrafts({
  ask,
  now,
  retries,
}: {
  ask: Session['ask'];
  now: () => number;
  retries: Retries;
}): Drafts {
  /** Not on the server yet, as far as is known. */
  const dirty = new Set<Id>();
  const sending = new Set<Id>();
  /** For good: they stay on this device. */
  const refused = new Set<Id>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const all = watched<ReadonlyMap<Id, Unsent>>('drafts', new Map(), load, retries);
  const get = (id: Id) => all.get().get(id);
  function take(drafts: readonly Unsent[]): void {
    const next = new Map(all.get());
    for (const draft of drafts) {
      const known = next.get(draft.conversationId);
      next.set(draft.conversationId, known ? newer(known, draft) : draft);
    }
    all.cell.set(next);
  }

  async function load(): Promise<void> {
    const found: Unsent[] = [];
    const asked = all.get();
    for await (const page of pages(cursor => ask('drafts', { query: { limit: 200, cursor } }))) {
      found.push(...page.drafts);
    }
    const there = new Set(found.map(draft => draft.conversationId));
    // what the server no longer has was emptied on another device; what is on its way there is not missing
    const emptied = [...asked.values()].filter(
      draft => !isEmpty(draft) && !there.has(draft.conversationId) && get(draft.conversationId) === draft,
    );
    const gone = emptied.filter(({ conversationId: id }) => !dirty.has(id) && !sending.has(id));
    take(found);
    if (gone.length === 0) return;
    const next = new Map(all.get());
    for (const { conversationId, writtenAt } of gone) next.set(conversationId, { conversationId, text: '', writtenAt });
    all.cell.set(next);
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(flush, sendAfterMs);
  }

  function flush(): void {
    clearTimeout(timer);
    for (const id of dirty) if (!sending.has(id)) void send(id);
  }

  async function send(id: Id): Promise<void> {
    const draft = get(id);
    dirty.delete(id);
    if (!draft) return;
    sending.add(id);
    try {
      const { conversationId, ...body } = draft;
      const counts = await ask('keepDraft', { params: { id: conversationId }, body });
      sending.delete(id);
      refused.delete(id);
      retries.done(`draft ${id}`);
      // its time may have been set back: what counts is what the server says, but for what was written meanwhile
      if (get(id) === draft) all.cell.set(new Map(all.get()).set(id, counts));
      else take([counts]);
    } catch (error) {
      if (error instanceof ClientError && error.worthRetrying) dirty.add(id);
      else refused.add(id);
      retries.later(`draft ${id}`, error, flush);
    } finally {
      sending.delete(id);
      if (dirty.has(id) && get(id) !== draft) soon(); // changed meanwhile
    }
  }

  return {
    all,
    keep(conversationId, draft, writtenAt = new Date(now()).toISOString()) {
      const known = get(conversationId);
      const mine = { conversationId, ...draft, writtenAt };
      if (known && newer(known, mine) === known) return;
      dirty.add(conversationId);
      take([mine]);
      soon();
    },
    stored: id => !dirty.has(id) && !sending.has(id) && !refused.has(id),
    know: take,
    flush,
    heard: ({ draft }) => take([draft]),
    online() {
      all.online();
      flush();
    },
    close: () => clearTimeout(timer),
  };
}
