import { type EventOf, fixed } from '@carpenter/protocol';
import type { OpenLink } from './link.ts';
import { readEvent } from './link.ts';

/** The token travels as a subprotocol: the only place where a browser lets a page put one, and addresses get written down. */
export const openWebSocket: OpenLink = (base, token, listener) => {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ws`, [fixed.subprotocol, `bearer.${token}`]);
  let closing: EventOf<'closing'> | undefined;
  let over = false;
  const end = (code: number, reason: string) => {
    if (over) return;
    over = true;
    listener.ended({ code, reason, closing });
  };
  socket.onmessage = ({ data }) => {
    if (!over) listener.heard();
    const event = typeof data === 'string' ? readEvent(data) : undefined;
    if (over || !event) return;
    if (event.type === 'closing') closing = event;
    listener.event(event);
  };
  socket.onclose = ({ code, reason }) => end(code, reason);
  socket.onerror = () => {}; // says nothing; `onclose` follows
  return {
    via: 'websocket',
    send(command) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
    },
    renew(renewed) {
      this.send({ type: 'auth', token: renewed });
    },
    close() {
      over = true;
      socket.close(1000);
    },
  };
};
