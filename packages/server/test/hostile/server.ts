// A server in a process of its own, so that what it uses can be measured: see apart.ts.

import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { endOnFault } from '../../src/end-on-fault.ts';
import { createLog } from '../../src/log.ts';
import { serve } from '../../src/serve.ts';

let taken = 0;
subscribe('net.server.socket', message => {
  const socket = typeof message === 'object' && message !== null && 'socket' in message && message.socket;
  if (socket instanceof Socket && !/127\.0\.0\./.test(socket.remoteAddress ?? '')) taken++;
});
const config: Parameters<typeof serve>[0] = JSON.parse(process.argv[2] ?? '');
const log = createLog('info', false);
endOnFault(log);
const { url, port } = await serve(config, log);
process.send?.({ url, port });
process.on('disconnect', () => process.exit());
process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const kinds = process.getActiveResourcesInfo();
  const count = (name: string) => kinds.filter(kind => kind === name).length;
  process.send?.({ rss, heapUsed, external, sockets: count('TCPSocketWrap'), timers: count('Timeout'), taken });
});
