import { api, type Command, closeByCode, type EventOf, type Id } from '@carpenter/protocol';
import { type Row, textHash } from '../history.ts';
import type { Answer } from './door.ts';
import { foreignIn } from './foreign.ts';
import { greetings, type Line, type Outcome, openLine } from './line.ts';
import { createOutbox, type Habits } from './outbox.ts';
import { backoff, pause } from './pause.ts';
import { type Needs, noteOf, type Person, type Tried, untilTheEnd } from './person.ts';
import { probe } from './probe.ts';
import type { Heard } from './read-frame.ts';
import { createRooms } from './rooms.ts';
import { askAs, logIn, type Session } from './session.ts';
import { type Settled, settledByDoor, settledByLine } from './settle.ts';

export interface Wire extends Person {
  readonly session: Session;
  /** Tries a door of a conversation that it is not in. */
  probe(conv: Id): void;
}

/** A client made of nothing but a socket and the words of docs/protocol.md. It is logged in when this resolves, and connects by itself. */
export async function createWire(needs: Needs): Promise<Wire> {
  const { p, url, node, account, random, nextTry, signal } = needs;
  const chance = () => random.next();
  const note = noteOf(needs);
  const session = await logIn(url, account, chance, signal);
  const user = session.userId;
  const greeting = random.pick(greetings);
  /** Others let their token end, and come back with a new one. */
  const renewsInTime = chance() < 0.7;
  const habits: Habits = {
    depth: chance() < 0.3 ? 4 : 1,
    overHttp: chance() < 0.1 ? 0.5 : 0.03,
    again: 0.1, // so that the shortest run tries it
  };
  let line: Line | undefined;
  let isOnline = false;
  let leaving = false;

  const rooms = createRooms({ ...needs, user, note, isOnline: () => isOnline, ask: command => ask(command) });
  const ask = (command: Command): Promise<Outcome> =>
    new Promise(resolve => {
      if (line && isOnline) line.ask(command, resolve);
      else resolve({ lost: 'There is no connection.' });
    });

  const outbox = createOutbox({
    random,
    nextTry,
    signal,
    note,
    habits,
    send({ conv, clientId, text }, overHttp, done) {
      const draft = { clientId, text, sentAt: new Date().toISOString() };
      if (overHttp) {
        void untilTheEnd(
          needs,
          door('POST', `/conversations/${conv}/messages`, draft).then(answer =>
            done(settledByDoor(answer, api.sendMessage.answers[201])),
          ),
        );
      } else
        line?.ask({ type: 'message.send', conversationId: conv, ...draft }, outcome => done(settledByLine(outcome)));
    },
    isOnline: () => isOnline,
  });

  const door = (method: string, path: string, body?: unknown): Promise<Answer> =>
    askAs(session, url, method, path, { body, signal });

  function hear(frame: Heard): void {
    const { event } = frame;
    for (const named of foreignIn(frame, conv => !needs.mayBeIn(conv, user))) note({ f: 'heard', ...named });
    if (event.type === 'ready') ready(event);
    else if (event.type !== 'auth.expiring') rooms.hear(frame);
    else if (renewsInTime) void untilTheEnd(needs, renew());
  }

  const outside = (words: string) => note({ f: 'outside', what: 'frame', words });

  function ready(event: EventOf<'ready'>): void {
    isOnline = true;
    note({ f: 'open', node: node() });
    rooms.ready(event);
    outbox.pump();
  }

  async function renew(): Promise<void> {
    const current = line;
    const token = await session.renew();
    current?.say({ type: 'auth', token });
  }

  /** From one connection to the next, until the end of the run. */
  async function live(): Promise<void> {
    for (let attempt = 0; !leaving && !signal.aborted; attempt++) {
      const token = await session.token();
      if (leaving || signal.aborted) return;
      const began = performance.now();
      line = openLine({ url, token, username: account.username, greeting, hear, outside });
      const { opened, code, words, by, silentMs, retryAfterMs, refused } = await line.ended;
      isOnline = false;
      line = undefined;
      if (opened) note({ f: 'close', code, words, by, ...(silentMs !== undefined && { silentMs }) });
      if (refused) note({ f: 'refused', code: refused.code, words: refused.words });
      if (leaving || signal.aborted) return;
      if (performance.now() - began > 5_000) attempt = 0;
      const act = closeByCode(code)?.action;
      if (act === 'login' || act === 'stop') await session.renew();
      else await pause(backoff(attempt, chance(), retryAfterMs), signal);
    }
  }

  async function compareNowAndThen(): Promise<void> {
    while (!signal.aborted && !leaving) {
      await pause(20_000 + chance() * 40_000, signal);
      if (isOnline) await rooms.compare();
    }
  }

  /** What is done to one message: one try, and whatever comes of it. */
  function change(tried: Tried, more: { seq: number; text?: string }, command: Command): void {
    if (!line || !isOnline) return;
    note({ f: 'invoke', ...tried, ...more });
    line.ask(command, outcome => finish(tried, settledByLine(outcome)));
  }

  function finish(tried: Tried, end: Settled): void {
    if (end.is === 'ok') note({ f: 'ok', ...tried, row: end.row });
    else note({ f: end.is, ...tried, code: end.code, words: end.words });
  }

  /** Among the newest of a conversation, so that windows of others reach there. */
  function someRow(conv: Id, fits: (row: Row) => boolean): Row | undefined {
    const room = rooms.get(conv);
    if (!room) return undefined;
    const from = room.lastSeq - Math.floor(chance() * 20);
    for (let seq = from; seq > from - 20; seq--) {
      const row = room.rows.get(seq);
      if (row && row.text !== '' && fits(row)) return row;
    }
    return undefined;
  }
  /** Only what is refused is well, unless they were brought in meanwhile. */
  async function knock(conv: Id): Promise<void> {
    if (!isOnline) return;
    const tried: Tried = { n: nextTry(), op: 'probe', conv };
    note({ f: 'invoke', ...tried });
    const end = await probe(conv, { ask, door }, random);
    if (needs.mayBeIn(conv, user))
      note({ f: 'info', ...tried, code: 'member.now', words: 'They may be in it by now.' });
    else if (end.is === 'opened') note({ f: 'ok', ...tried });
    else note({ f: end.is === 'refused' ? 'fail' : 'info', ...tried, code: end.code, words: end.words });
  }

  const mine = (row: Row) => row.sender === user;

  signal.addEventListener('abort', () => line?.drop('The run is over.'));
  void untilTheEnd(needs, live());
  void untilTheEnd(needs, compareNowAndThen());

  return {
    p,
    user,
    session,
    probe: conv => void untilTheEnd(needs, knock(conv)),
    isIn: conv => rooms.get(conv) !== undefined,
    send: outbox.add,
    edit(conv, text) {
      const row = someRow(conv, mine);
      if (!row) return;
      const { seq } = row;
      change(
        { n: nextTry(), op: 'edit', conv },
        { seq, text: textHash(text) },
        { type: 'message.edit', conversationId: conv, seq, text },
      );
    },
    erase(conv) {
      const row = someRow(conv, mine);
      if (!row) return;
      const { seq } = row;
      change({ n: nextTry(), op: 'delete', conv }, { seq }, { type: 'message.delete', conversationId: conv, seq });
    },
    react(conv, emoji) {
      const row = someRow(conv, () => true);
      if (!row) return;
      const { seq } = row;
      const type = chance() < 0.7 ? 'reaction.add' : 'reaction.remove';
      change({ n: nextTry(), op: 'react', conv }, { seq }, { type, conversationId: conv, seq, emoji });
    },
    read(conv) {
      const seq = rooms.get(conv)?.lastSeq ?? 0;
      if (seq > 0 && isOnline)
        line?.say({ type: chance() < 0.5 ? 'receipt.read' : 'receipt.delivered', conversationId: conv, seq });
    },
    type(conv) {
      if (isOnline) line?.say({ type: 'typing', conversationId: conv, active: true });
    },
    unsent: outbox.size,
    isCaughtUp: () => isOnline && rooms.areWhole(),
    views: rooms.views,
    async end() {
      leaving = true;
      line?.close();
      await Promise.race([line?.ended, pause(1_000, signal)]);
      line?.drop('Closed as asked.');
    },
  };
}
