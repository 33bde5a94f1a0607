import type { Questions } from '../chat/questions.ts';
import type { Endpoint } from './endpoint.ts';

/** The same endpoints; those that only ask answer in the turn of who asks. Files flow for as long as somebody reads: they do not wait. */
export const inTurn = (questions: Questions, endpoints: readonly Endpoint[]): Endpoint[] =>
  endpoints.map(endpoint => {
    const { route, run } = endpoint;
    if (route.method !== 'GET' || route.cookie) return endpoint;
    return {
      route,
      run(actor, request, reply) {
        const answer = () => run(actor, request, reply);
        return actor ? questions(actor.userId, answer) : answer();
      },
    };
  });
