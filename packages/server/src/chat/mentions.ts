import { type Id, type Mention, mayDo, type Notice, namesIn } from '@carpenter/protocol';
import type { Connection } from '../store/database.ts';
import { namedIn, standingIn } from '../store/members.ts';

export interface Meant {
  readonly mentions: Mention[];
  /** Whom the text names in vain. */
  readonly notices: Notice[];
}

/** Most texts name nobody: they need not be asked about. */
export const namesAnybody = (text: string): boolean => namesIn(text).length > 0;

/** Whom a text means: members by `@username`, and everybody by `@here` and `@all`, where the sender may call them. */
export async function resolveMentions(db: Connection, conversationId: Id, senderId: Id, text: string): Promise<Meant> {
  const names = namesIn(text);
  const standing = names.length > 0 ? await standingIn(db, conversationId, senderId) : undefined;
  if (!standing) return { mentions: [], notices: [] };
  const room = standing.parent?.conversationId ?? conversationId;
  const found = await namedIn(db, room, names.flat());
  const mentions = new Set<Mention>();
  const notices: Notice[] = [];
  for (const forms of names) {
    const crowd = forms.find(name => name === 'here' || name === 'all');
    if (crowd) {
      if (mayDo(standing.role, 'mention.all')) mentions.add(crowd);
      else notices.push(notAllowed(crowd));
      continue;
    }
    const person = found.find(({ username, member }) => member && forms.includes(username));
    if (person) mentions.add(person.id);
    else notices.push(notHere(found.find(({ username }) => forms.includes(username))?.username ?? forms.at(-1)));
  }
  return { mentions: [...mentions], notices };
}

const notHere = (name = ''): Notice => ({
  code: 'mention.not_here',
  message: `${name} is not in this conversation, so nobody was told.`,
});
const notAllowed = (crowd: string): Notice => ({
  code: 'mention.not_allowed',
  message: `Your role in this conversation does not let you call @${crowd}; nobody was told.`,
});
