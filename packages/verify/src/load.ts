import { api, type Id } from '@carpenter/protocol';
import { createActs, type Place } from './acts.ts';
import { pause } from './clients/pause.ts';
import { untilTheEnd } from './clients/person.ts';
import { createSdk } from './clients/sdk.ts';
import { askSurely, logIn, type Session } from './clients/session.ts';
import { createWire, type Wire } from './clients/wire.ts';
import { writeFinals, writeViews } from './finals.ts';
import { createMembership } from './membership.ts';
import { type Plan, planOf } from './plan.ts';
import type { Random } from './world/random.ts';
import type { Load, LoadOptions } from './world/types.ts';

/** Messages a second where much is said, all clients together; fewer where they are few, as one connection may say 600 frames a minute. */
const perSecond = 40;
const perSecondEach = 3;
/** Between two things that happen in a quiet conversation: longer than anybody may be late. */
const [silentFromMs, silentBelowMs] = [6_500, 10_000];
/** How long one group keeps its members, at most. */
const staysMs = 15_000;

/** People who are in none of the conversations, and try to be. */
const strangersAmong = (accounts: number): number => (accounts < 4 ? 0 : Math.ceil(accounts / 40));

interface Talk extends Plan, Place {
  readonly owner: Session;
}

/** Everybody logs in, conversations are begun, and all at once people write: until `stop`. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const over = new AbortController();
  try {
    return await begin(options, over);
  } catch (error) {
    over.abort(error); // whoever is there already leaves
    throw error;
  }
}

async function begin(options: LoadOptions, over: AbortController): Promise<Load> {
  const { record, random, ways, accounts, nodeOf, failed } = options;
  const signal = AbortSignal.any([over.signal, options.signal]);
  const chance = random.fork('load');
  const [first] = ways;
  if (!first) throw new RangeError('A load needs clients.');
  const membership = createMembership(first.url, record, signal, () => chance.next());
  const asking = { url: first.url, signal, chance: () => chance.next() };
  let tries = 0;
  /** Nothing new: what is under way goes on. */
  const stop = new AbortController();

  const strangersFrom = accounts.length - strangersAmong(accounts.length);
  const everybody = await inParallel(ways, async ({ client: p, url }, i) => {
    const account = accounts[i % accounts.length];
    if (!account) throw new RangeError('A load needs accounts.');
    const stranger = i % accounts.length >= strangersFrom;
    const needs = {
      p,
      url,
      account,
      record,
      failed,
      signal,
      random: random.fork(p),
      node: () => nodeOf(p),
      nextTry: () => ++tries,
      mayBeIn: membership.mayBeIn,
    };
    const wire = stranger || i % 5 !== 4 ? await createWire(needs) : undefined;
    return { stranger, wire, person: wire ?? (await createSdk(needs)), url, account };
  });
  const strangers = everybody.flatMap(({ stranger, wire }) => (stranger && wire ? [wire] : []));
  const insiders = everybody.filter(({ stranger }) => !stranger);
  const people = insiders.map(({ person }) => person);
  const users = [...new Set(people.map(person => person.user))];

  /** Those who own conversations ask for them by a login of their own, where their client is none that can be asked. */
  const sessions = new Map<Id, Promise<Session>>();
  function sessionOf(user: Id): Promise<Session> {
    const of = insiders.find(({ person }) => person.user === user);
    if (!of) throw new RangeError('An owner who is not there.');
    const session =
      sessions.get(user) ?? Promise.resolve(of.wire?.session ?? logIn(of.url, of.account, () => chance.next(), signal));
    sessions.set(user, session);
    return session;
  }

  const talks = await inParallel(planOf(users.length, random.fork('plan')), async (plan): Promise<Talk> => {
    const members = plan.members.flatMap(i => users[i] ?? []);
    const [ownerId = '', ...others] = members;
    const owner = await sessionOf(ownerId);
    const body =
      plan.type === 'direct'
        ? { type: 'direct', userId: others[0] }
        : { type: 'group', name: `A group of ${members.length}`, memberIds: others };
    const t = record.now();
    const answer = await askSurely(owner, asking, 'POST', '/conversations', body);
    const { conversation, rev } = api.createConversation.answers[201].parse(answer);
    membership.begin(conversation.id, members, rev, t);
    return { ...plan, id: conversation.id, owner, people: people.filter(({ user }) => members.includes(user)) };
  });

  const wires = insiders.flatMap(({ wire }) => wire ?? []);
  const acts = createActs(chance, membership, wires, strangers);
  const [loud, quiet] = [talks.filter(({ weight }) => weight > 0), talks.filter(({ weight }) => weight === 0)];
  const deal = dealer(loud, chance);
  async function write(): Promise<void> {
    const rate = Math.min(perSecond, people.length * perSecondEach);
    let due = performance.now();
    while (!stop.signal.aborted) {
      due += (-Math.log(1 - chance.next()) * 1_000) / rate;
      const wait = due - performance.now();
      if (wait > 1) await pause(wait, stop.signal);
      else if (wait < -1_000) due = performance.now(); // what could not be done in time is not made up for
      if (!stop.signal.aborted) acts.talk(deal());
    }
  }

  async function whisper(talk: Talk): Promise<void> {
    for (;;) {
      await pause(chance.whole(silentFromMs, silentBelowMs), stop.signal);
      if (stop.signal.aborted) return;
      acts.whisper(talk);
    }
  }

  /** Somebody is taken out, and comes back after a while. */
  async function comeAndGo({ id, owner, people: members }: Talk): Promise<void> {
    const others = [...new Set(members.map(person => person.user))].filter(user => user !== owner.userId);
    for (;;) {
      await pause(chance.next() * staysMs, stop.signal);
      if (stop.signal.aborted) return;
      const user = chance.pick(others);
      await membership.change(owner, id, user, membership.isIn(id, user) ? 'out' : 'in');
    }
  }

  const changing = talks.filter(talk => talk.changing);
  const working = [write(), ...quiet.map(whisper), ...changing.map(comeAndGo)].map(work =>
    untilTheEnd({ signal, failed }, work),
  );
  /** Conversations that are not of this load, as the one that everybody comes into: by somebody who can be asked about them. */
  function others(): Map<Id, Wire> {
    const ours = new Set(talks.map(talk => talk.id));
    const all = wires.flatMap(wire => [...wire.views()].map(({ conv }) => [conv, wire] as const));
    return new Map(all.filter(([conv]) => !ours.has(conv)));
  }

  const isQuiet = () => everybody.every(({ person }) => person.unsent() === 0 && person.isCaughtUp());
  let viewed = false;

  return {
    async stop(withinMs) {
      stop.abort();
      const until = performance.now() + withinMs;
      await Promise.race([Promise.all(working), pause(withinMs, signal)]);
      while (!isQuiet() && performance.now() < until && !signal.aborted) await pause(100, signal);
    },
    async finals(url, node) {
      const final = { ...asking, record, url, node };
      for (const { id, owner } of talks) await writeFinals({ ...final, conv: id, session: owner });
      for (const [conv, { session }] of others()) await writeFinals({ ...final, conv, session });
      if (!viewed) writeViews(record, people);
      viewed = true;
    },
    async end() {
      stop.abort();
      await Promise.all(everybody.map(({ person }) => person.end()));
      over.abort(new Error('The run is over.'));
    },
  };
}

/** A few at a time, as each login costs the server some work. */
async function inParallel<T, R>(list: readonly T[], work: (one: T, i: number) => Promise<R>): Promise<R[]> {
  const done: R[] = new Array(list.length);
  const queue = [...list.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) done[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return done;
}

/** Conversations one after another, by their weight. */
function dealer(talks: readonly Talk[], random: Random): () => Talk {
  const sum = talks.reduce((total, { weight }) => total + weight, 0);
  return () => {
    let left = random.next() * sum;
    for (const talk of talks) {
      left -= talk.weight;
      if (left < 0) return talk;
    }
    return random.pick(talks);
  };
}
