import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { listMentions } from '../chat/mentioned.ts';
import { listPins, pinMessage, unpinMessage } from '../chat/pins.ts';
import { closePoll, vote, votedBy } from '../chat/polls.ts';
import { addReaction, reactedBy, removeReaction } from '../chat/reactions.ts';
import { type Endpoint, on } from './endpoint.ts';

export const reactionRoutes = (chat: Chat): Endpoint[] => [
  on(api.react, async ({ actor, params }) => ({
    status: 200,
    body: (await addReaction(chat, actor, params.id, params.seq, params.emoji)).message,
  })),
  on(api.unreact, async ({ actor, params }) => ({
    status: 200,
    body: (await removeReaction(chat, actor, params.id, params.seq, params.emoji)).message,
  })),
  on(api.reactedBy, async ({ actor, params, query }) => ({
    status: 200,
    body: await reactedBy(chat, actor, params.id, params.seq, params.emoji, query),
  })),
  on(api.pin, async ({ actor, params }) => ({
    status: 200,
    body: (await pinMessage(chat, actor, params.id, params.seq)).message,
  })),
  on(api.unpin, async ({ actor, params }) => ({
    status: 200,
    body: (await unpinMessage(chat, actor, params.id, params.seq)).message,
  })),
  on(api.pins, async ({ actor, params, query }) => ({
    status: 200,
    body: await listPins(chat, actor, params.id, query),
  })),
  on(api.vote, async ({ actor, params, body }) => ({
    status: 200,
    body: (await vote(chat, actor, params.id, params.seq, body.votes)).message,
  })),
  on(api.votedBy, async ({ actor, params, query }) => ({
    status: 200,
    body: await votedBy(chat, actor, params.id, params.seq, params.option, query),
  })),
  on(api.closePoll, async ({ actor, params }) => ({
    status: 200,
    body: (await closePoll(chat, actor, params.id, params.seq)).message,
  })),
  on(api.mentions, async ({ actor, query }) => ({ status: 200, body: await listMentions(chat, actor, query) })),
];
