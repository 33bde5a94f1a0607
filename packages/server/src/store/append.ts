import { type Id, type Message, refusal } from '@carpenter/protocol';
import type pg from 'pg';
import { codeOf, gaveWay, isConnectionFault, wasRolledBack } from './database.ts';

/** A message that a rule has accepted; `seq`, `rev` and `createdAt` come with the commit. */
export interface NewMessage {
  readonly id: Id;
  readonly conversationId: Id;
  readonly senderId: Id;
  readonly clientId: Id;
  readonly text: string;
  readonly sentAt?: string | undefined;
  readonly metadata?: Message['metadata'] | undefined;
  readonly extra?: Extra | undefined;
}
/** What a message may carry beside its text; most carry nothing. */
export type Extra = Pick<Message, 'replyTo' | 'mentions' | 'attachments' | 'forwarded' | 'poll' | 'fromThread'> & {
  /** Its sender wants no preview. */
  readonly preview?: false | undefined;
};
/** Where it stands now. `known`: this client id was stored before, and this is where. */
export interface Place {
  readonly seq: number;
  readonly rev: number;
  readonly createdAt: string;
  readonly known: boolean;
}
/** One answer for each message: its place, nobody's (not a member), or what went wrong with this one alone. */
export type Outcome = Place | 'not_member' | Error;

type Row = [place: number, seq: number, rev: number, atMs: number, known?: boolean];

/**
 * Stores a batch in one transaction. A repeated client id fails the fast statement as a whole and sends the batch through the
 * careful one; a message that PostgreSQL refuses fails alone, the others are stored without it.
 * @throws when the database is away: then the outcome of all is unknown
 */
export async function storeBatch(client: pg.ClientBase, batch: readonly NewMessage[]): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(client, 'store_messages', batch);
    } catch (error) {
      if (wasRolledBack(error) && attempt < 3) continue; // deadlock with a stranger
      if (isConnectionFault(error)) throw error;
      return codeOf(error) === '23505' ? await carefully(client, batch) : await oneByOne(client, batch, error);
    }
  }
}

async function carefully(client: pg.ClientBase, batch: readonly NewMessage[]): Promise<Outcome[]> {
  try {
    return await call(client, 'store_messages_carefully', batch);
  } catch (error) {
    if (isConnectionFault(error)) throw error;
    return await oneByOne(client, batch, error);
  }
}

async function oneByOne(client: pg.ClientBase, batch: readonly NewMessage[], error: unknown): Promise<Outcome[]> {
  if (batch.length === 1) return [error instanceof Error ? error : new Error(String(error))];
  const outcomes: Outcome[] = [];
  for (const message of batch) {
    try {
      outcomes.push(...(await carefully(client, [message])));
    } catch (error) {
      if (!gaveWay(error)) throw error;
      outcomes.push(refusal('overloaded', { retryAfterMs: 1_000 })); // those before it are stored already
    }
  }
  return outcomes;
}

type Statement = 'store_messages' | 'store_messages_carefully';

async function call(client: pg.ClientBase, name: Statement, batch: readonly NewMessage[]): Promise<Outcome[]> {
  const { rows } = await client.query<Row>({
    name,
    text: `SELECT * FROM ${name}($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])`,
    values: [
      batch.map(m => m.conversationId),
      batch.map(m => m.senderId),
      batch.map(m => m.clientId),
      batch.map(m => m.id),
      batch.map(m => m.text),
      batch.map(m => m.sentAt ?? null),
      batch.map(m => (m.metadata ? JSON.stringify(m.metadata) : null)),
      batch.map(m => extraJson(m.extra)),
    ],
    rowMode: 'array',
  });
  const outcomes = new Array<Outcome>(batch.length).fill('not_member');
  for (const [place, seq, rev, atMs, known] of rows) {
    outcomes[place - 1] = { seq, rev, createdAt: new Date(atMs).toISOString(), known: known ?? false };
  }
  return outcomes;
}

/** Under the names of the columns; null where there is nothing. */
function extraJson(extra: Extra | undefined): string | null {
  if (!extra || Object.values(extra).every(value => value === undefined)) return null;
  const { replyTo: reply_to, fromThread: from_thread, ...rest } = extra;
  return JSON.stringify({ reply_to, from_thread, ...rest });
}

/** Stores one message in a transaction of the conversation's lane, with what else belongs to it. */
export async function storeOne(tx: pg.ClientBase, message: NewMessage): Promise<Place | 'not_member'> {
  const [outcome = 'not_member'] = await call(tx, 'store_messages_carefully', [message]);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}
