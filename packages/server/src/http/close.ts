import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** So long may somebody who was told goodbye take to go. */
const graceMs = 3_000;

/**
 * How to close the server: nobody new, then wait for those that are there, then cut off who does not answer. Counts the sockets
 * itself, since Node forgets those that became WebSockets, and stops looking after slow requests once it closes.
 */
export function closerOf(app: FastifyInstance): () => Promise<void> {
  const sockets = new Set<Socket>();
  app.server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const late = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await app.close();
    clearTimeout(late);
  };
}
