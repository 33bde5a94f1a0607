import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  api,
  type Command,
  closes,
  type Event,
  type EventOf,
  type EventType,
  event,
  type Id,
  type LoggedIn,
  retryAfterOf,
} from '@carpenter/protocol';
import { type ClientOptions, WebSocket } from 'ws';

/** Somebody with an account, who uses the public doors only. */
export interface Person {
  readonly id: Id;
  readonly username: string;
  readonly url: string;
  readonly grant: LoggedIn;
  /** An HTTP request with this person's token. Answers status and parsed body. */
  http(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }>;
  /** A WebSocket that is logged in and has heard `ready`; closed when the test ends. */
  connect(t: TestContext): Promise<Line>;
}
type Body = Record<string, unknown>;

export const password = 'a long enough password';

export async function account(url: string, username: string, invite?: string): Promise<Person> {
  const answer = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, refresh: 'body', invite }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return personOf(url, api.register.answers[201].parse(await answer.json()));
}

export function personOf(url: string, grant: LoggedIn): Person {
  const { id, username } = grant.user;
  return {
    id,
    username,
    url,
    grant,
    async http(method, path, body) {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${grant.accessToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
    },
    async connect(t) {
      const line = openLine(url, `?username=${username}`, {
        headers: { authorization: `Bearer ${grant.accessToken}` },
      });
      t.after(() => line.close());
      const ready = line.next('ready');
      const end = await Promise.race([ready.then(() => undefined), line.closed()]);
      if (end?.code !== closes.overloaded.code) {
        await ready;
        return line;
      }
      ready.catch(() => {});
      await new Promise(resolve => setTimeout(resolve, retryAfterOf(end.reason) ?? 1_000)); // a machine that others keep busy
      return this.connect(t);
    },
  };
}

/** The id of the direct conversation of these two. */
export async function direct(one: Person, other: Person): Promise<Id> {
  const { status, body } = await one.http('POST', '/conversations', { type: 'direct', userId: other.id });
  assert.ok(status === 200 || status === 201, JSON.stringify(body));
  return idOf(body);
}

/** The id of a new group, owned by the first. */
export async function group(owner: Person, others: readonly Person[], name = 'a group'): Promise<Id> {
  const memberIds = others.map(person => person.id);
  const { status, body } = await owner.http('POST', '/conversations', { type: 'group', name, memberIds });
  assert.equal(status, 201, JSON.stringify(body));
  return idOf(body);
}

function idOf({ conversation }: Body): Id {
  assert.ok(typeof conversation === 'object' && conversation !== null && 'id' in conversation);
  return String(conversation.id);
}

/** A plain WebSocket that remembers what it heard. */
export interface Line {
  readonly ws: WebSocket;
  /** Everything heard so far, in order. */
  readonly heard: readonly Event[];
  say(command: Command): void;
  /** Says it with a `ref` and waits for the answer that carries it. */
  ask(command: Command): Promise<Event>;
  /** The next event of this type that nobody has taken yet; waits for it. */
  next<T extends EventType>(type: T, where?: (event: EventOf<T>) => boolean): Promise<EventOf<T>>;
  /** Code and reason of the end. */
  closed(): Promise<{ code: number; reason: string }>;
  close(): void;
}

const patienceMs = 20_000;

export function openLine(
  url: string,
  query = '',
  options: ClientOptions = {},
  protocols: string[] = ['carpenter.v1'],
): Line {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/ws${query}`, protocols, options);
  const heard: Event[] = [];
  const taken = new Set<Event>();
  const waiting = new Set<() => void>();
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  let refs = 0;
  ws.on('message', data => {
    heard.push(event.parse(JSON.parse(data.toString()))); // everything a server says fits the protocol
    for (const look of waiting) look();
  });
  ws.on('error', () => {}); // the close that follows is what tests look at

  function wait<T extends Event>(find: (e: Event) => e is T, what: string): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = () => {
      const found = heard.filter(find).find(e => !taken.has(e));
      if (!found) return;
      taken.add(found);
      waiting.delete(look);
      clearTimeout(timer);
      resolve(found);
    };
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`${what} did not come; heard: ${heard.map(e => e.type).join(', ')}`));
    }, patienceMs);
    waiting.add(look);
    look();
    return promise;
  }

  return {
    ws,
    heard,
    say: command => ws.send(JSON.stringify(command)),
    ask(command) {
      const ref = `r${++refs}`;
      ws.send(JSON.stringify({ ...command, ref }));
      return wait((e): e is Event => 'ref' in e && e.ref === ref, `an answer to ${command.type}`);
    },
    next: <T extends EventType>(type: T, where: (event: EventOf<T>) => boolean = () => true) =>
      wait((e): e is EventOf<T> => isOf(e, type) && where(e), type),
    closed: () => closed,
    close: () => ws.close(),
  };
}

function isOf<T extends EventType>(e: Event, type: T): e is EventOf<T> {
  return e.type === type;
}
