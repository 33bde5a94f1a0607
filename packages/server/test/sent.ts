import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { api, type Message } from '@carpenter/protocol';
import type { Person } from './people.ts';

/** Sends by HTTP what is given beside the text. */
export async function sent(person: Person, room: string, text: string, more: object = {}): Promise<Message> {
  const { status, body } = await person.http('POST', `/conversations/${room}/messages`, {
    clientId: randomUUID(),
    text,
    ...more,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return api.sendMessage.answers[201].parse(body).message;
}
