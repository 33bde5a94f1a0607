import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { api, apiPrefix, command, type Problem, problem, type Route, refusals } from '@carpenter/protocol';
import { ask } from '../ask.ts';
import { house } from '../house.ts';
import { account, direct, group, type Line, type Person } from '../people.ts';
import { sent } from '../sent.ts';
import {
  atBounds,
  fieldsOf,
  fitting,
  given,
  type Known,
  type Schema,
  sample,
  strange,
  taken,
  withValue,
} from './schemas.ts';

// Every field of every command and route, given what it is not made for. The schemas of the protocol say which fields there are,
// so a new command or route is in it the day it appears; they also say what has to be refused.

export interface Scene {
  readonly url: string;
  readonly eve: Person;
  readonly known: Known;
}

export async function scene(t: TestContext): Promise<Scene> {
  const { url } = await house(t);
  const [eve, ana] = [await account(url, 'eve'), await account(url, 'ana')];
  const room = await group(eve, [ana]);
  const { seq } = await sent(eve, room, 'hello', { poll: { options: ['yes', 'no'] } });
  const ids = [room, await direct(eve, ana), ana.id];
  return {
    url,
    eve,
    known: {
      id: ids,
      conversationId: ids,
      clientId: ids,
      userId: [ana.id],
      seq: [seq],
      username: ['ana', 'nobody'],
      emoji: ['👍'],
      preview: [false],
    },
  };
}

interface Case {
  readonly what: string;
  readonly value: unknown;
}

/** One that fits, and the same with each of its fields spoilt in every way. */
function cases(schema: Schema, output: Schema, known: Known, name: string, every: number): Case[] {
  const [whole] = sample(fitting(schema, known), name.length, 1);
  const spoil = (field: { path: readonly (string | number)[]; schema: Schema }, values: readonly unknown[]) =>
    values.map(value => ({
      what: `${name} ${field.path.join('.')} = ${JSON.stringify(value)?.slice(0, 60)}`,
      value: withValue(whole, field.path, value),
    }));
  return [
    ...fieldsOf(schema).flatMap((field, i) => {
      const some = strange.filter((_, j) => (i + j) % every === 0);
      return spoil(field, [undefined, ...some, ...atBounds(field, known)]);
    }),
    ...fieldsOf(output).flatMap(field => spoil(field, atBounds(field, known))),
  ];
}

const codes: ReadonlySet<string> = new Set(Object.keys(refusals));

/** A refusal that somebody can act on. */
export function told(status: number, body: unknown, what: string): Problem {
  assert.ok(status >= 400 && status < 500, `${what}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  const found = problem.parse(body);
  assert.ok(codes.has(found.code) && found.detail.length > 10, `${what}: ${JSON.stringify(found)}`);
  return found;
}

/**
 * Every field of every command. `every` nth strange value only, another one for each field; all bounds.
 * @returns how many were refused
 */
export async function spoilCommands(t: TestContext, every: number): Promise<number> {
  const { eve, known } = await scene(t);
  const each = command.options.map(option => spoilCommand(t, eve, option, known, every));
  return (await Promise.all(each)).reduce((sum, refused) => sum + refused, 0);
}

/** Malformed frames that a connection has in a minute. */
const strikesMax = 10;

async function spoilCommand(
  t: TestContext,
  eve: Person,
  option: (typeof command.options)[number],
  known: Known,
  every: number,
): Promise<number> {
  const type = option.shape.type.value;
  let line: Line | undefined;
  let refused = 0;
  for (const { what, value } of cases(given(option), taken(option), known, type, every)) {
    const json = JSON.stringify(value);
    if (Buffer.byteLength(json) > 65_536) continue; // a matter of frames.test.ts
    if (command.safeParse(JSON.parse(json)).success) {
      if (type === 'auth') continue; // somebody else's token ends the connection, as it should
      const { status, body } = await eve.http('POST', '/commands', value);
      if (status >= 300) told(status, body, what);
      continue;
    }
    if (!line || refused % strikesMax === 0) {
      line?.close();
      line = await eve.connect(t);
    }
    const before = line.heard.length;
    line.ws.send(json);
    assert.equal((await line.ask({ type: 'ping' })).type, 'pong', what);
    const errors = line.heard.slice(before).filter(e => e.type === 'error');
    assert.equal(errors.length, 1, `${what}: ${JSON.stringify(errors)}`);
    for (const { code, message } of errors) {
      assert.match(code, /^(frame\.malformed|frame\.unknown_type|input\.invalid)$/, what);
      assert.ok(message.length > 10, what);
    }
    refused++;
  }
  line?.close();
  return refused;
}

const parts = ['params', 'query', 'body'] as const;

/** The same for every route: what its address holds, and its body. */
export async function spoilRoutes(t: TestContext, every: number): Promise<number> {
  const { url, eve, known } = await scene(t);
  const token = eve.grant.accessToken;
  let refused = 0;
  for (const [name, route] of Object.entries<Route>(api)) {
    const [good] = [
      Object.fromEntries(parts.map(part => [part, route[part] && sample(fitting(given(route[part]), known), 1, 1)[0]])),
    ];
    for (const part of parts) {
      const schema = route[part];
      if (!schema || Object.keys(given(schema)).length < 2) continue; // bytes: media-hostile.test.ts
      const all = cases(given(schema), taken(schema), known, `${name} ${part}`, every);
      const answers = all.map(({ what, value }) => async () => {
        const parsed = part === 'body' ? JSON.parse(JSON.stringify(value)) : inAddress(value);
        const fits = schema.safeParse(parsed).success;
        const { path, query, body } = {
          ...addressOf(route, { ...good, [part]: parsed }),
          body: part === 'body' ? value : good.body,
        };
        const { status, text } = await ask(url, `${apiPrefix}${path}${query}`, { method: route.method, token, body });
        if (status < 300) return assert.ok(fits, `${what} was taken`);
        if (route.method === 'HEAD') return assert.ok(status < 500, what);
        told(status, JSON.parse(text), what);
        refused++;
      });
      while (answers.length > 0) await Promise.all(answers.splice(0, 16).map(answer => answer()));
    }
  }
  assert.equal((await eve.http('GET', '/users/me')).status, 200);
  return refused;
}

/** In an address everything is text. */
function inAddress(value: unknown): Record<string, string> {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const asText = (one: unknown) => (typeof one === 'string' ? one.toWellFormed() : JSON.stringify(one)).slice(0, 6_000);
  return Object.fromEntries(fields.flatMap(([key, one]) => (one === undefined ? [] : [[key, asText(one)]])));
}

function addressOf({ path }: Route, { params, query }: Record<string, unknown>): { path: string; query: string } {
  const values = inAddress(params);
  const search = new URLSearchParams(inAddress(query)).toString();
  return {
    path: path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? 'x') || '%20'),
    query: search && `?${search}`,
  };
}
