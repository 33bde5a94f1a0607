import type { Logger } from 'pino';
import type { Bus, Told } from './bus.ts';

/** The bus of a single node: whoever listens hears at once, in order. */
export function createMemoryBus(log: Logger): Bus {
  const listeners: ((told: Told) => void)[] = [];
  return {
    publish(told) {
      for (const listener of listeners) {
        try {
          listener(told);
        } catch (error) {
          log.error({ err: error, to: told.to }, 'a listener of the bus failed'); // the publisher did its part
        }
      }
    },
    listen: listener => void listeners.push(listener),
    close: async () => void listeners.splice(0),
  };
}
