import { login } from '../../ask.ts';
import { account, direct, group, type Person, password } from '../../people.ts';
import { sent } from '../../sent.ts';
import type { Known } from '../schemas.ts';

/** People and rooms to throw things at. What is thrown deletes rooms and logs people out, so that no scene lasts long. */
export interface Scene {
  /** Values that mean something in it, by the names of fields. */
  readonly known: Known;
  /** Of whoever asks over HTTP. */
  readonly token: string;
  /** Of whoever speaks over a WebSocket: another one, who stays in few conversations, whatever the first one begins. */
  readonly speaking: string;
  /** Of logins that may be ended. */
  readonly leaving: readonly string[];
}

export async function sceneOf(url: string, round: number): Promise<Scene> {
  const named = (name: string) => account(url, `${name}${round}`);
  const [eve, mal, zoe] = await Promise.all([named('eve'), named('mal'), named('zoe')]);
  const rooms = await Promise.all([
    group(eve, [mal]), // which eve may delete
    group(mal, [eve]), // which she may leave
    direct(eve, mal), // and which nobody can be rid of
  ]);
  for (const room of rooms) {
    await sent(mal, room, 'hello');
    await sent(mal, room, 'which one?', { poll: { options: ['this', 'that'] } });
    await sent(eve, room, 'that one');
  }
  const another = await again(zoe);
  return {
    known: {
      id: [...rooms, eve.id, mal.id],
      conversationId: rooms,
      userId: [eve.id, mal.id, zoe.id],
      seq: [1, 2, 3, 4],
      username: [eve.username, mal.username, 'nobody-at-all'],
      emoji: ['👍', '🎉'],
      votes: [[0], [1], []],
      password: [password],
      current: [password],
      next: [password],
    },
    token: eve.grant.accessToken,
    speaking: mal.grant.accessToken,
    leaving: [zoe.grant.accessToken, another],
  };
}

async function again({ url, username }: Person): Promise<string> {
  return String((await login(url, username, password)).json().accessToken);
}
