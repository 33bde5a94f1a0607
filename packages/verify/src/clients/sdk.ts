import { ClientError, type ConnectionState, createClient } from '@carpenter/client';
import { type CloseName, closes, type Id, type Message, worthRetrying } from '@carpenter/protocol';
import { rowOf, textHash } from '../history.ts';
import { backoff, pause } from './pause.ts';
import { type Needs, noteOf, type Person, type Tried } from './person.ts';
import { type SdkView, watchView } from './sdk-view.ts';

/** The same, played by the real SDK: what it tries again and how is its own business, so one message is one try. */
export async function createSdk(needs: Needs): Promise<Person> {
  const { p, url, node, account, random, nextTry, failed, signal } = needs;
  signal.throwIfAborted();
  const note = noteOf(needs);
  const client = createClient({ url, random: () => random.next() });
  const views = new Map<Id, SdkView>();
  let connection: ConnectionState = client.connection.get();
  let leaving = false;
  signal.addEventListener('abort', () => void client.close());

  async function logIn(): Promise<Id> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return (await client.login(account)).id;
      } catch (error) {
        if (!(error instanceof ClientError) || error.code === 'auth.wrong') throw error;
        await pause(backoff(attempt, random.next(), error.retryAfterMs), signal);
      }
    }
    throw signal.reason;
  }
  const user = await logIn();
  if (signal.aborted) await client.close();
  signal.throwIfAborted();

  function follow(): void {
    for (const { id } of client.conversations.get() ?? []) {
      if (views.has(id)) continue;
      note({ f: 'watch', conv: id, user });
      views.set(id, watchView(client.conversation(id), note, signal));
    }
  }

  function look(): void {
    const before = connection;
    connection = client.connection.get();
    if (connection.phase === 'online') {
      if (before.phase !== 'online') note({ f: 'open', node: node() });
    } else if (before.phase === 'online') note({ f: 'close', ...(leaving ? asAsked : endingOf(connection)) });
  }

  /** Whoever was signed out signs in again; the handles of before are nobody's. */
  async function stay(): Promise<void> {
    if (client.session.get().phase !== 'signedOut' || leaving) return;
    for (const view of views.values()) view.end();
    views.clear();
    await logIn();
    follow();
  }

  client.conversations.subscribe(follow);
  client.connection.subscribe(look);
  client.session.subscribe(() => untilTheEnd(stay()));
  look();
  follow();

  function untilTheEnd(work: Promise<unknown>): void {
    work.catch(error => {
      if (!signal.aborted && !leaving) failed(error);
    });
  }

  /** @param work  one try; some answer with the message as it is now */
  function attempt(tried: Tried, clientId: Id | undefined, work: Promise<Message | undefined>): void {
    const named = clientId === undefined ? {} : { clientId };
    untilTheEnd(
      work.then(
        message => note({ f: 'ok', ...tried, ...(message && { row: rowOf(message) }) }),
        (error: unknown) => {
          if (!(error instanceof ClientError)) throw error;
          const { code, message: words } = error;
          const final = !worthRetrying(code);
          // a message may have been tried before, without an answer; what is done at one is tried once
          note({ f: final && clientId === undefined ? 'fail' : 'info', ...tried, ...named, code, words });
          if (final && clientId !== undefined) client.conversation(tried.conv).discard(clientId);
        },
      ),
    );
  }

  function done(tried: Tried, work: Promise<void>): void {
    attempt(
      tried,
      undefined,
      work.then(() => undefined),
    );
  }

  /** A message to do something to, while it can be done. */
  function some(conv: Id, mine: boolean): number | undefined {
    if (connection.phase !== 'online') return undefined;
    const rows = views.get(conv)?.view.rows.slice(-40) ?? [];
    const fit = rows.filter(row => row.text !== '' && (!mine || row.sender === user));
    return fit.length === 0 ? undefined : random.pick(fit).seq;
  }

  return {
    p,
    user,
    isIn: conv => views.get(conv)?.isReady() ?? false,
    send(conv, text) {
      const handle = client.conversation(conv);
      const clientId = handle.send(text);
      const tried: Tried = { n: nextTry(), op: 'send', conv };
      note({ f: 'invoke', ...tried, clientId, text: textHash(text) });
      attempt(tried, clientId, handle.stored(clientId));
    },
    edit(conv, text) {
      const seq = some(conv, true);
      if (seq === undefined) return;
      const tried: Tried = { n: nextTry(), op: 'edit', conv };
      note({ f: 'invoke', ...tried, seq, text: textHash(text) });
      done(tried, client.conversation(conv).edit(seq, text));
    },
    erase(conv) {
      const seq = some(conv, true);
      if (seq === undefined) return;
      const tried: Tried = { n: nextTry(), op: 'delete', conv };
      note({ f: 'invoke', ...tried, seq });
      done(tried, client.conversation(conv).delete(seq));
    },
    react(conv, emoji) {
      const seq = some(conv, false);
      if (seq === undefined) return;
      const tried: Tried = { n: nextTry(), op: 'react', conv };
      note({ f: 'invoke', ...tried, seq });
      done(tried, client.conversation(conv).react(seq, emoji, random.next() < 0.7));
    },
    read(conv) {
      const seq = views.get(conv)?.view.lastSeq ?? 0;
      if (seq > 0) client.conversation(conv).markRead(seq);
    },
    type: conv => client.conversation(conv).setTyping(true),
    unsent: () => client.outbox.get().length,
    isCaughtUp: () => connection.phase === 'online' && [...views.values()].every(view => view.isSettled()),
    views: () => [...views.values()].filter(view => !view.isGone()).map(view => view.view),
    async end() {
      leaving = true;
      for (const view of views.values()) view.end();
      await client.close();
      look();
    },
  };
}

const asAsked = { code: 1000, words: 'Closed as asked.', by: 'us' } as const;

/** Why it is not online any more: a name of the protocol's list, or what was found out about a break without words. */
function endingOf(state: ConnectionState): { code: number; words: string; by: 'server' | 'us' | 'nobody' } {
  if (state.phase === 'offline' || state.phase === 'idle') return { code: 1006, words: state.phase, by: 'us' };
  // without a reason it has gone to renew its token
  const because = 'because' in state ? state.because : undefined;
  const name = because?.code ?? 'unauthenticated';
  if (!isCloseName(name)) return { code: 1006, words: '', by: 'nobody' };
  return { code: closes[name].code, words: because?.words ?? closes[name].words, by: 'server' };
}
const isCloseName = (name: string): name is CloseName => name in closes;
