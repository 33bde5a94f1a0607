import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { CommandOf, Conversation, EventOf, Id } from '@carpenter/protocol';
import { defaultLimits } from '@carpenter/protocol';
import { ClientError, unreachable } from '../src/error.ts';
import { createMarks } from '../src/marks.ts';
import { createPeople } from '../src/people.ts';
import { createRetries } from '../src/retries.ts';
import { createRooms } from '../src/rooms.ts';
import type { Session } from '../src/session.ts';
import { emptyLog, tail } from '../src/sync/log.ts';
import { me, model, other } from './model.ts';

export const time = '2026-11-24T09:26:00.000Z';

/**
 * The rooms of an account whose server is the model, with a clock that is moved by hand.
 * @param mine  how the conversation is kept
 * @param what  what it is: a group, where nothing else is said
 */
export function account(t: TestContext, mine: { following?: boolean } = {}, what: Partial<Conversation> = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = model();
  const state = () => {
    const { conversation, ...rest } = server.state();
    return { ...rest, conversation: { ...conversation, ...what }, mine: { ...server.mine(), ...mine } };
  };
  server.send(other);
  let unplugged = false;
  const unplug = (is: boolean) => {
    unplugged = is;
  };
  let busy = 0;
  /** The next questions are refused, as by a server whose database is away. */
  const refuse = (questions: number) => {
    busy = questions;
  };
  const asked: string[] = [];
  const told: string[] = [];
  const watching: CommandOf<'watch'>[] = [];
  const marks = createMarks(mark => {
    told.push(`${mark.type} ${mark.seq}`);
    return true;
  });
  const retries = createRetries(() => 0.5);
  const answerOrNot = (question: string) => {
    asked.push(question);
    if (busy-- > 0) throw new ClientError('storage_unavailable', 'busy', { retryAfterMs: 1_000 });
  };
  const http: Session['ask'] = async name => {
    answerOrNot(name);
    return JSON.parse(JSON.stringify({ ...state(), users: [], presence: [], ...server.page(1e9, 50) }));
  };
  const people = createPeople(async () => [], retries);
  const rooms = createRooms({
    me,
    // the model answers in the shapes of the protocol; which question gets which is what `Asks` sees to
    ask: async question => {
      if (unplugged) throw unreachable();
      answerOrNot(question.type);
      const answer: unknown =
        question.type === 'heads'
          ? { type: 'heads', epoch: String(server.epoch()), at: time, heads: [server.head()] }
          : { type: 'changes', ...server.changes('since' in question ? question.since : 0, 3, 20) };
      return JSON.parse(JSON.stringify(answer));
    },
    http,
    people,
    marks,
    retries,
    tell: command => watching.push(command),
    fetchThreads: async () => {},
    mineSeen: () => {},
    changed: () => {},
  });
  const ready = (): EventOf<'ready'> => ({
    type: 'ready',
    sessionId: me,
    epoch: String(server.epoch()),
    version: '0.1.0',
    user: { id: me, username: 'ana', displayName: 'Ana', createdAt: time, role: 'member', preferences: {} },
    serverTime: time,
    expiresAt: time,
    heartbeatMs: 25_000,
    limits: defaultLimits,
    conversations: [state()],
    users: [],
    presence: [],
  });
  const id: Id = server.state().conversation.id;
  t.after(() => {
    rooms.close();
    retries.close();
  });
  const quiet = async () => {
    for (let n = 0; n < 20; n++) await turn();
  };
  return {
    server,
    state,
    rooms,
    people,
    marks,
    retries,
    http,
    asked,
    told,
    watching,
    ready,
    id,
    quiet,
    unplug,
    refuse,
  };
}
export const thread: Partial<Conversation> = { type: 'thread', parent: { conversationId: other, seq: 1 } };
export const seqs = (rooms: ReturnType<typeof createRooms>, id: Id) =>
  tail(rooms.get(id)?.log ?? emptyLog)?.messages.map(m => m.seq);
