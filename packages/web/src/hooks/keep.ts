import type { Client } from '@carpenter/client';

/**
 * Where room is short a browser throws away what pages keep, and with it what waits for a connection. So it is asked not to as soon
 * as something waits, and not before: some ask the person in turn, who knows then what for.
 */
export function keepWhatWaits(client: Client): void {
  const look = () => {
    if (client.connection.get().phase === 'online' || client.outbox.get().length === 0) return;
    stop();
    if (isSecureContext) navigator.storage.persist().catch(() => {}); // refused: as before
  };
  const stop = client.outbox.subscribe(look);
  look();
}
