import { api, type Command, type Id, refusalCodes, worthRetrying } from '@carpenter/protocol';
import type { Random } from '../world/random.ts';
import { type Answer, outsideWords } from './door.ts';
import type { Outcome } from './line.ts';

/** What came of a try at a door that must stay shut. `opened`: it showed or did something. */
export type Probed =
  | { readonly is: 'opened' }
  | { readonly is: 'refused' | 'unknown'; readonly code: string; readonly words: string };

const refusals = new Set<string>(refusalCodes);

interface Doors {
  ask(command: Command): Promise<Outcome>;
  door(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Tries one door of somebody else's conversation. */
export async function probe(conv: Id, { ask, door }: Doors, random: Random): Promise<Probed> {
  const seq = random.whole(1, 50);
  const clientId = crypto.randomUUID();
  const text = 'let me in';
  const at = `/conversations/${conv}`;
  const commands: readonly Command[] = [
    { type: 'sync', conversationId: conv, since: 0 },
    { type: 'message.send', conversationId: conv, clientId, text },
    { type: 'message.edit', conversationId: conv, seq, text },
    { type: 'message.delete', conversationId: conv, seq },
    { type: 'reaction.add', conversationId: conv, seq, emoji: '👍' },
    { type: 'poll.vote', conversationId: conv, seq, votes: [] },
  ];
  const requests: readonly (readonly [method: string, path: string, body?: unknown])[] = [
    ['GET', at],
    ['GET', `${at}/messages`],
    ['GET', `${at}/messages/${seq}`],
    ['GET', `${at}/messages/${seq}/history`],
    ['GET', `${at}/messages/${seq}/notification`],
    ['GET', `${at}/changes?since=0`],
    ['GET', `${at}/members`],
    ['GET', `${at}/media`],
    ['GET', `${at}/pins`],
    ['POST', `${at}/messages`, { clientId, text }],
    ['PATCH', at, { name: 'mine' }],
    ['PUT', `${at}/read`, { seq }],
    ['PUT', `${at}/delivered`, { seq }],
    ['PUT', `${at}/draft`, { text, writtenAt: new Date().toISOString() }],
    ['POST', `${at}/join`],
    ['POST', `${at}/messages/${seq}/thread`],
    ['POST', '/commands', { type: 'receipt.read', conversationId: conv, seq }],
    ['POST', '/invites', { conversationIds: [conv] }],
    ['DELETE', at],
  ];
  const n = random.whole(0, commands.length + requests.length + 2);
  const command = commands[n];
  if (command) return byLine(await ask(command));
  const request = requests[n - commands.length];
  if (request) return byDoor(await door(...request), () => true);
  if (random.next() < 0.5)
    return byDoor(await door('GET', '/heads'), body =>
      api.heads.answers[200].safeParse(body).data?.heads.some(head => head.conversationId === conv),
    );
  const found = await door('GET', `/search?${new URLSearchParams({ q: 'changed' })}`);
  return byDoor(found, body =>
    api.search.answers[200].safeParse(body).data?.hits.some(hit => hit.message.conversationId === conv),
  );
}

function byLine(outcome: Outcome): Probed {
  if ('lost' in outcome) return { is: 'unknown', code: 'connection.lost', words: outcome.lost };
  const { event } = outcome;
  if (event.type !== 'error') return { is: 'opened' };
  return refused(event.code, event.message);
}

/** Whoever is to try again was not let near the door. */
const refused = (code: string, words: string): Probed => ({
  is: refusals.has(code) && worthRetrying(code) ? 'unknown' : 'refused',
  code,
  words,
});

/** @param shows  whether an answer has anything of it: some doors are open, and must not lead there; undefined where it is no answer */
function byDoor(answer: Answer, shows: (body: unknown) => boolean | undefined): Probed {
  if (answer.is === 'lost') return { is: 'unknown', code: 'connection.lost', words: answer.words };
  if (answer.is === 'refusal') return refused(answer.code, answer.words);
  const shown = shows(answer.body);
  if (shown === undefined) return { is: 'unknown', code: `http.${answer.status}`, words: outsideWords };
  return shown
    ? { is: 'opened' }
    : { is: 'refused', code: 'conversation.unknown', words: 'There is nothing of it in the answer.' };
}
