// One room, many sockets: everybody has every message once, in one order, and how fast.
//   node bench/room.ts [--sockets 1000] [--messages 1000] [--window 1]
// A window of n: n messages are under way at once, each by another person; the next goes out when everybody has the oldest.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type ClientOptions, WebSocket } from 'ws';
import { createWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '1000' },
    window: { type: 'string', default: '1' },
  },
});
const sockets = Number(values.sockets);
const messages = Number(values.messages);
const window = Number(values.window);

const world = await createWorld(sockets);
const conversationId = await world.room(world.people.map((_, i) => i));
const idleMiB = world.residentMiB();

interface Receiver {
  readonly ws: WebSocket;
  readonly seqs: number[];
  readonly ids: string[];
}
const text = 'x'.repeat(200);
const receivers: Receiver[] = [];
const missing = new Map<string, number>(); // client id → sockets that have not got it yet
const sentAt = new Map<string, number>();
const latencies: number[] = [];
let sent = 0;
let complete = 0;
const { promise: done, resolve: finish } = Promise.withResolvers<void>();

const connectFrom = performance.now();
for (let i = 0; i < sockets; i += 100) {
  const wave = world.people.slice(i, i + 100).map(({ token }) => connect(token));
  receivers.push(...(await Promise.all(wave)));
}
const connectMs = performance.now() - connectFrom;
const connectedMiB = world.residentMiB();

const cpuFrom = world.cpuSeconds();
const from = performance.now();
while (sent < Math.min(window, messages)) send();
const timeout = setTimeout(() => finish(), 120_000);
await done;
clearTimeout(timeout);
const seconds = (performance.now() - from) / 1_000;
const cpu = world.cpuSeconds() - cpuFrom;

const expected = Array.from({ length: messages }, (_, i) => i + 1).join();
const first = receivers[0]?.ids.join();
const faults = receivers.filter(r => r.seqs.join() !== expected || r.ids.join() !== first).length;
const deliveries = sockets * messages;
latencies.sort((a, b) => a - b);
const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? Number.NaN).toFixed(1);
console.log(
  `sockets ${sockets}, messages ${messages}, window ${window}: ` +
    (faults === 0 ? 'everybody had every message once, in one order' : `${faults} SOCKETS DID NOT`),
);
console.log(
  `  connected       ${sockets} in ${(connectMs / 1000).toFixed(2)} s, ${((1024 * (connectedMiB - idleMiB)) / sockets).toFixed(1)} KiB a socket`,
);
console.log(`  deliveries      ${Math.round(deliveries / seconds)}/s (${Math.round(messages / seconds)} messages/s)`);
console.log(`  server CPU      ${((cpu / deliveries) * 1e6).toFixed(2)} µs a delivery`);
console.log(`  to the last one p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
for (const { ws } of receivers) ws.removeAllListeners('close').terminate();
await world.end();
process.exit(faults === 0 ? 0 : 1);

function connect(token: string): Promise<Receiver> {
  const options: ClientOptions = { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false };
  const ws = new WebSocket(`${world.url.replace('http', 'ws')}/ws`, 'carpenter.v1', options);
  const receiver: Receiver = { ws, seqs: [], ids: [] };
  return new Promise((resolve, reject) => {
    ws.on('error', reject);
    ws.on('close', (code, reason) => console.error(`a socket was closed: ${code} ${reason}`));
    ws.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString());
      if (event.type === 'ready') resolve(receiver);
      else if (event.type === 'message.created' || event.type === 'ack') take(receiver, event.message);
      else if (event.type === 'error' || event.type === 'closing') console.error('the server said', event);
    });
  });
}

function send(): void {
  const receiver = receivers[sent % receivers.length];
  const clientId = randomUUID();
  sent++;
  missing.set(clientId, sockets);
  sentAt.set(clientId, performance.now());
  receiver?.ws.send(JSON.stringify({ type: 'message.send', conversationId, clientId, text }));
}

function take(receiver: Receiver, message: { seq: number; id: string; clientId: string }): void {
  receiver.seqs.push(message.seq);
  receiver.ids.push(message.id);
  const left = (missing.get(message.clientId) ?? 0) - 1;
  missing.set(message.clientId, left);
  if (left > 0) return;
  latencies.push(performance.now() - (sentAt.get(message.clientId) ?? 0));
  missing.delete(message.clientId);
  complete++;
  if (complete === messages) finish();
  else if (sent < messages) send();
}
