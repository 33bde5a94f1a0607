import { api, type Id, type Message } from '@carpenter/protocol';
import type { Person } from './clients/person.ts';
import { askSurely, type Session } from './clients/session.ts';
import { type Row, rowOf } from './history.ts';
import type { Recording } from './world/types.ts';

interface Asked {
  readonly record: Recording;
  readonly url: string;
  readonly node: string;
  readonly conv: Id;
  /** Of somebody who is in it. */
  readonly session: Session;
  readonly signal: AbortSignal;
  readonly chance: () => number;
}

/** One conversation as a node has it when all is quiet: by paging through its history, and by its changes since 0. */
export async function writeFinals(asked: Asked): Promise<void> {
  const { record, node: from, conv } = asked;
  const state = api.conversation.answers[200].parse(await read(asked, ''));
  const { rev, lastSeq } = state;
  record.write({ f: 'final', from, how: 'paged', conv, lastSeq, rev, rows: (await paged(asked)).map(rowOf) });
  const changes = await changesSince(asked);
  if (changes) record.write({ f: 'final', from, how: 'changes', conv, ...changes });
}

/** What each client would show. */
export function writeViews(record: Recording, people: readonly Person[]): void {
  for (const person of people) {
    for (const view of person.views()) record.write({ f: 'final', from: person.p, how: 'view', ...view });
  }
}

const read = (asked: Asked, path: string): Promise<unknown> =>
  askSurely(asked.session, asked, 'GET', `/conversations/${asked.conv}${path}`);

async function paged(asked: Asked): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const after = messages.at(-1)?.seq ?? 0;
    const page = api.messages.answers[200].parse(await read(asked, `/messages?after=${after}&limit=200`));
    messages.push(...page.messages);
    if (!page.hasAfter || page.messages.length === 0) return messages;
  }
}

/** Undefined where there are so many that the server gives the newest page only. */
async function changesSince(asked: Asked): Promise<{ lastSeq: number; rev: number; rows: Row[] } | undefined> {
  const rows: Row[] = [];
  for (let since = 0; ; ) {
    const page = api.changes.answers[200].parse(await read(asked, `/changes?since=${since}&limit=200`));
    if (page.reset) return undefined;
    rows.push(...page.messages.map(rowOf));
    const { rev, lastSeq } = page;
    if (!page.more) return { lastSeq, rev, rows };
    since = rev;
  }
}
