import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Counts answers that are not out yet: whoever does not read what they asked for holds our memory. */
export interface UnderWay {
  /** Counts one more, until it is out or its socket is gone. False: there are too many already, and it was not counted. */
  begin(key: string, request: IncomingMessage, response: ServerResponse): boolean;
}

export function createUnderWay(max: number): UnderWay {
  const counts = new Map<string, number>();
  // An answer that waits behind others of its socket never hears of the end: the socket tells it.
  const ofSocket = new WeakMap<Socket, Set<() => void>>();

  function endsOf(socket: Socket): Set<() => void> {
    const known = ofSocket.get(socket);
    if (known) return known;
    const ends = new Set<() => void>();
    ofSocket.set(socket, ends);
    socket.once('close', () => {
      for (const end of ends) end();
    });
    return ends;
  }

  return {
    begin(key, { socket }, response) {
      const count = counts.get(key) ?? 0;
      if (count >= max) return false;
      if (socket.closed) return true; // nobody is there any more
      counts.set(key, count + 1);
      const ends = endsOf(socket);
      const end = (): void => {
        if (!ends.delete(end)) return;
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
      ends.add(end);
      response.once('close', end);
      return true;
    },
  };
}
