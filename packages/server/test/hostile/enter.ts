import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { retryAfterOf } from '@carpenter/protocol';
import { account, type Person } from '../people.ts';
import { handshake } from './raw.ts';

/** One address of this machine for each hundred sockets, so that no limit of one address, and no lack of ports, is met. */
export const addressFor = (i: number): string =>
  `127.0.${1 + (Math.floor(i / 25_000) % 200)}.${1 + (Math.floor(i / 100) % 250)}`;

/** A WebSocket that nobody looks at: many of them cost little. With a token it is live when this resolves. */
export interface Entered {
  readonly socket: Socket;
  /** All that came until it was let in. */
  readonly heard: string;
  /** How often a busy node sent it away before, or it ended without a word. */
  readonly sentAway: number;
  /** What the kernel said of those connections that ended without a word of anybody. */
  readonly unheard: readonly string[];
}

/** Whom a busy node sends away comes back after the wait named. */
export async function enter(
  port: number,
  token: string | undefined,
  from = '127.0.0.1',
  sentAway = 0,
  unheard: readonly string[] = [],
): Promise<Entered> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  let fault = 'its end';
  socket.on('error', error => {
    fault = 'code' in error ? String(error.code) : error.message;
  });
  socket.write(handshake(token));
  const wanted = token === undefined ? /\r\n\r\n/ : /"type":"ready"/;
  const heard = await hear(socket, wanted);
  if (wanted.test(heard)) return { socket: socket.resume(), heard, sentAway, unheard };
  const waitMs = heard === '' ? 1_000 + Math.random() * 4_000 : retryAfterOf(heard);
  if (waitMs === undefined) throw new Error(`sent away without a wait: ${heard.slice(-300)}`);
  await new Promise(resolve => setTimeout(resolve, waitMs));
  return enter(port, token, from, sentAway + 1, heard === '' ? [...unheard, fault] : unheard);
}

/** @returns all that was heard until what is wanted, or until the end */
async function hear(socket: Socket, wanted: RegExp): Promise<string> {
  let heard = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    if (wanted.test(heard)) resolve();
  };
  socket.on('data', look).once('close', resolve);
  await promise;
  socket.off('data', look).off('close', resolve);
  return heard;
}

/** So many sockets of some accounts, opened by twenties. */
export async function enterMany(port: number, people: readonly Person[], count: number): Promise<Entered[]> {
  const all: Entered[] = [];
  let next = 0;
  const some = async () => {
    for (let i = next++; i < count; i = next++) {
      all.push(await enter(port, people[i % people.length]?.grant.accessToken, addressFor(i)));
    }
  };
  await Promise.all(Array.from({ length: 20 }, some));
  return all;
}

/** Enough accounts for so many connections: one has up to a hundred. */
export async function peopleFor(url: string, connections: number): Promise<Person[]> {
  const names = Array.from({ length: Math.ceil(connections / 90) }, (_, i) => `crowd${i}`);
  const people: Person[] = [];
  for (const name of names) people.push(await account(url, name));
  return people;
}

export async function cut(entered: readonly Entered[]): Promise<void> {
  const gone = entered.map(({ socket }) => socket.destroyed || once(socket, 'close'));
  for (const { socket } of entered) socket.destroy();
  await Promise.all(gone);
}
