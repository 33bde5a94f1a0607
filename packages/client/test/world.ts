import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import type { Client, ClientOptions, ConversationHandle, Observable, Timeline } from '../src/index.ts';
import { createClient } from '../src/index.ts';

export const password = 'a long enough password';

/** A client that is closed when the test ends. */
export function clientOf(t: TestContext, options: ClientOptions): Client {
  const client = createClient(options);
  t.after(() => client.close());
  return client;
}

/** Somebody new, signed in and online. */
export async function newcomer(t: TestContext, url: string, username: string, more: Partial<ClientOptions> = {}) {
  const client = clientOf(t, { url, ...more });
  const me = await client.register({ username, password });
  await online(client);
  return { client, id: me.id };
}

export const online = (client: Client) => until(client.connection, c => c.phase === 'online', 'online');

/** Waits for a change after which `holds` is true; fails with what is there instead. */
export function until<T, R extends T>(what: Observable<T>, holds: (value: T) => value is R, words?: string): Promise<R>;
export function until<T>(what: Observable<T>, holds: (value: T) => boolean, words?: string): Promise<T>;
export function until<T>(what: Observable<T>, holds: (value: T) => boolean, words = 'it'): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const value = what.get();
      if (!holds(value)) return;
      end();
      resolve(value);
    };
    const timer = setTimeout(() => {
      end();
      reject(new assert.AssertionError({ message: `${words} did not come: ${inspect(what.get(), { depth: 6 })}` }));
    }, 20_000);
    const unsubscribe = what.subscribe(look);
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
    };
    look();
  });
}

export const textsOf = ({ messages }: Timeline): string[] =>
  messages
    .map(m => (m.kind === 'stored' ? m.message : m))
    .flatMap(m => ('type' in m && m.type === 'system' ? [] : [m.text]));

/** Looks at a conversation until the test ends, as an open page does. */
export function open(t: TestContext, client: Client, id: string): ConversationHandle {
  const handle = client.conversation(id);
  t.after(handle.timeline.subscribe(() => {}));
  return handle;
}

export const reads = (handle: ConversationHandle, texts: readonly string[]) =>
  until(handle.timeline, view => view.phase === 'ready' && textsOf(view).join('\n') === texts.join('\n'), texts.join());
