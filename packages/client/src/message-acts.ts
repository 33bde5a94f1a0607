import type { ChosenBy, Id, Message, Own, Seq } from '@carpenter/protocol';
import type { AnswerTo, Question } from './asks.ts';
import { createInTurn } from './in-turn.ts';
import { pages } from './pages.ts';
import { type People, peopleIn } from './people.ts';
import type { Rooms } from './rooms.ts';
import type { Session } from './session.ts';
import type { ConversationHandle } from './types/conversations.ts';
import type { ChosenPage, StoredMessage } from './types/messages.ts';

type Acts = Pick<
  ConversationHandle,
  | 'react'
  | 'reactedBy'
  | 'vote'
  | 'votedBy'
  | 'closePoll'
  | 'pin'
  | 'pins'
  | 'editHistory'
  | 'message'
  | 'thread'
  | 'follow'
>;

export interface ActsNeeds {
  readonly rooms: Rooms;
  readonly people: People;
  readonly http: Session['ask'];
  readonly ask: <Q extends Question>(question: Q) => Promise<AnswerTo<Q>>;
}

/** An edited message may have said more things before than anybody reads. */
const versionsMax = 100;

/** What one does at messages beside writing them. */
export function createMessageActs(id: Id, { rooms, people, http, ask }: ActsNeeds): Acts {
  function page({ people: chosen, users, next }: ChosenBy): ChosenPage {
    people.know(users);
    return { people: chosen, ...(next !== undefined && { next }) };
  }
  /** The answer stands for the event, which says whose it was; an answer does not. */
  function done(message: Message, how?: (own: Own) => Own): void {
    rooms.acked(message);
    const { seq } = message;
    if (how) rooms.change(id, room => ({ ...room, own: new Map(room.own).set(seq, how(room.own.get(seq) ?? {})) }));
  }
  /** One that is known here opens without a connection, too. */
  function threadOn(seq: Seq): Id | undefined {
    for (const { conversation } of rooms.all())
      if (conversation.parent?.conversationId === id && conversation.parent.seq === seq) return conversation.id;
    return undefined;
  }
  const inTurn = createInTurn();
  const at = (seq: Seq) => ({ params: { id, seq } });

  return {
    async react(seq, emoji, on) {
      const type = on ? ('reaction.add' as const) : ('reaction.remove' as const);
      const { message } = await ask({ type, conversationId: id, seq, emoji });
      done(message, own => {
        const others = (own.emoji ?? []).filter(other => other !== emoji);
        return { ...own, emoji: on ? [...others, emoji] : others };
      });
    },
    reactedBy: async (seq, emoji, cursor) =>
      page(await http('reactedBy', { params: { id, seq, emoji }, query: { cursor } })),
    async vote(seq, options) {
      const votes = [...options];
      const { message } = await ask({ type: 'poll.vote', conversationId: id, seq, votes });
      done(message, own => ({ ...own, votes }));
    },
    votedBy: async (seq, option, cursor) =>
      page(await http('votedBy', { params: { id, seq, option }, query: { cursor } })),
    async closePoll(seq) {
      done(await http('closePoll', at(seq)));
    },
    async pin(seq, on) {
      done(await inTurn(`pin ${seq}`, () => http(on ? 'pin' : 'unpin', at(seq))));
    },
    async pins() {
      const found: Pick<StoredMessage, 'message' | 'own'>[] = [];
      for await (const { messages, own } of pages(cursor => http('pins', { params: { id }, query: { cursor } }))) {
        people.need(messages.flatMap(peopleIn));
        for (const message of messages) {
          const mine = own?.[message.seq];
          found.push({ message, ...(mine && { own: mine }) });
        }
      }
      return found;
    },
    async editHistory(seq) {
      const found: { text: string; at: string }[] = [];
      for await (const { versions } of pages(cursor => http('editHistory', { ...at(seq), query: { cursor } }))) {
        found.unshift(...versions);
        if (found.length >= versionsMax) break;
      }
      return found;
    },
    async message(seq) {
      const message = await http('message', at(seq));
      people.need([message.sender]);
      return message;
    },
    async thread(seq) {
      const known = threadOn(seq);
      if (known !== undefined) return known;
      const detail = await http('thread', at(seq));
      people.know(detail.users);
      rooms.add(detail);
      return detail.conversation.id;
    },
    async follow(on) {
      await inTurn('follow', () => http(on ? 'follow' : 'unfollow', { params: { id } }));
    },
  };
}
