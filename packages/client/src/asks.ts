import type { CommandOf, Event, EventOf } from '@carpenter/protocol';
import { ClientError, unreachable } from './error.ts';
import type { Link } from './transport/link.ts';

/** Commands that the server answers, and with what. */
const answers = {
  'message.send': 'ack',
  'message.edit': 'ack',
  'message.delete': 'ack',
  'reaction.add': 'ack',
  'reaction.remove': 'ack',
  'poll.vote': 'ack',
  sync: 'changes',
  heads: 'heads',
} as const;
export type Question = CommandOf<keyof typeof answers>;
export type AnswerTo<Q extends Question> = EventOf<(typeof answers)[Q['type']]>;

const patienceMs = 15_000;

/** Questions under way on one connection, by `ref`. */
export interface Asks {
  /** @throws {ClientError} the server's refusal, or `network.unreachable`: no answer, so it may have happened or not */
  ask<Q extends Question>(question: Q, link: Link | undefined): Promise<AnswerTo<Q>>;
  /** True when somebody waited for this event. */
  answer(event: Event): boolean;
  /** The connection is gone: nobody will be answered any more. */
  lost(): void;
}

export function createAsks(): Asks {
  const open = new Map<string, { answer(event: Event): void; lost(): void }>();
  let asked = 0;
  return {
    ask: (question, link) =>
      new Promise((resolve, reject) => {
        if (!link) return reject(unreachable());
        const ref = String(++asked);
        const end = () => {
          clearTimeout(timer);
          open.delete(ref);
        };
        const lost = () => {
          end();
          reject(unreachable());
        };
        const timer = setTimeout(lost, patienceMs);
        open.set(ref, {
          lost,
          answer(event) {
            end();
            if (isAnswer(question, event)) resolve(event);
            else if (event.type === 'error') reject(errorOf(event));
            else reject(unreachable());
          },
        });
        link.send({ ...question, ref });
      }),
    answer(event) {
      const waiting = 'ref' in event && event.ref !== undefined ? open.get(event.ref) : undefined;
      waiting?.answer(event);
      return waiting !== undefined;
    },
    lost() {
      for (const { lost } of [...open.values()]) lost();
    },
  };
}

const isAnswer = <Q extends Question>(question: Q, event: Event): event is AnswerTo<Q> =>
  event.type === answers[question.type];

export const errorOf = ({ code, message, retryAfterMs, details }: EventOf<'error'>) =>
  new ClientError(code, message, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(details !== undefined && { details }),
  });
