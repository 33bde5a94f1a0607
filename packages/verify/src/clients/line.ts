import { text } from 'node:stream/consumers';
import { type Command, closeByCode, type Event, fixed } from '@carpenter/protocol';
import { type ClientOptions, WebSocket } from 'ws';
import { type Refused, refusalIn } from './door.ts';
import { type Heard, readFrame, type Said } from './read-frame.ts';

/** How a connection ended. Without `opened` there was none: it was refused, or nothing answered. */
export interface Ending {
  readonly opened: boolean;
  readonly code: number;
  readonly words: string;
  readonly by: 'server' | 'us' | 'nobody';
  /** We went, as nothing had come for so long. */
  readonly silentMs?: number;
  readonly retryAfterMs?: number;
  /** What HTTP said instead of an upgrade. */
  readonly refused?: Refused;
}

/** What became of a question: its answer, or that there is none any more. */
export type Outcome = Said | { readonly lost: string };

/** One WebSocket, from opening to end. */
export interface Line {
  say(command: Command): void;
  /** `done` is called before the next frame is heard, so that what it writes down stands in the right order. */
  ask(command: Command, done: (outcome: Outcome) => void): void;
  close(): void;
  /** Breaks it off, as whoever loses their network. */
  drop(why: string): void;
  readonly ended: Promise<Ending>;
}

/** Where the token goes: the three ways that the protocol has. */
export const greetings = ['header', 'subprotocol', 'frame'] as const;
export type Greeting = (typeof greetings)[number];

const answerMs = 30_000;
const openMs = 15_000;
/** So many heartbeats without a byte: it is dead. */
const beatsMax = 2.5;

export function openLine(needs: {
  url: string;
  token: string;
  username: string;
  greeting: Greeting;
  /** Every frame, answers too, in the order in which they came. */
  hear: (heard: Heard) => void;
  /** A frame that is not in the protocol, and why: it is passed over. */
  outside: (words: string) => void;
}): Line {
  const { url, token, username, greeting, hear, outside } = needs;
  const protocols = greeting === 'subprotocol' ? [fixed.subprotocol, `bearer.${token}`] : [fixed.subprotocol];
  const options: ClientOptions = {
    perMessageDeflate: false,
    handshakeTimeout: openMs,
    ...(greeting === 'header' && { headers: { authorization: `Bearer ${token}` } }),
  };
  const ws = new WebSocket(`${url.replace('http', 'ws')}/ws?username=${username}`, protocols, options);
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const asked = new Map<string, { done: (outcome: Outcome) => void; until: number }>();
  let refs = 0;
  let opened = false;
  let failed = '';
  let refused: Refused | undefined;
  let ours: string | undefined;
  let silentMs: number | undefined;
  let closing: Extract<Event, { type: 'closing' }> | undefined;
  let beatMs = openMs;
  let lastByte = performance.now();
  const alive = () => {
    lastByte = performance.now();
  };

  function drop(why: string): void {
    ours ??= why;
    ws.terminate();
  }

  const watch = setInterval(() => {
    const now = performance.now();
    if (ours === undefined && now - lastByte > Math.max(openMs, beatMs * beatsMax)) {
      silentMs = Math.round(now - lastByte);
      drop(`Nothing came for ${silentMs} ms.`);
    }
    for (const [ref, { done, until }] of asked) {
      if (now < until) break;
      asked.delete(ref);
      done({ lost: 'No answer came.' });
    }
  }, 1_000);

  ws.on('open', () => {
    opened = true;
    alive();
    if (greeting === 'frame') ws.send(JSON.stringify({ type: 'auth', token }));
  });
  ws.on('ping', alive);
  ws.on('pong', alive);
  ws.on('message', data => {
    alive();
    const heard = readFrame(data.toString());
    if ('outside' in heard) return outside(heard.outside);
    const said = heard.event;
    if (said.type === 'ready') beatMs = said.heartbeatMs;
    if (said.type === 'closing') closing = said;
    hear(heard);
    const ref = 'ref' in said ? said.ref : undefined;
    const waiting = ref === undefined ? undefined : asked.get(ref);
    if (ref === undefined || !waiting) return;
    asked.delete(ref);
    waiting.done(heard);
  });
  ws.on('error', error => {
    failed = error.message;
  });
  ws.on('unexpected-response', (_request, answer) => {
    text(answer)
      .then(body => {
        refused = refusalIn(answer.statusCode ?? 0, body);
      })
      .catch(() => {}) // it broke off: nothing was said
      .finally(() => ws.terminate());
  });
  ws.on('close', (code, reason) => {
    clearInterval(watch);
    const said = reason.toString();
    const known = code === 1006 && closing ? closing.code : code;
    const words = said || closing?.message || ours || failed;
    // a code of the list that we did not send ourselves is the server's word
    const by = ours !== undefined ? 'us' : closeByCode(known) || code !== 1006 ? 'server' : 'nobody';
    const wait = closing?.retryAfterMs ?? refused?.retryAfterMs;
    for (const { done } of asked.values()) done({ lost: `The connection ended (${known}).` });
    asked.clear();
    end({
      opened,
      code: known,
      words: by === 'nobody' ? said : words,
      by,
      ...(silentMs !== undefined && { silentMs }),
      ...(wait !== undefined && { retryAfterMs: wait }),
      ...(refused && { refused }),
    });
  });

  return {
    say: command => {
      if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify(command));
    },
    ask(command, done) {
      if (ws.readyState !== WebSocket.OPEN) return done({ lost: 'There is no connection.' });
      const ref = `r${++refs}`;
      asked.set(ref, { done, until: performance.now() + answerMs });
      ws.send(JSON.stringify({ ...command, ref }));
    },
    close() {
      ours ??= 'Closed as asked.';
      ws.close(1000);
    },
    drop,
    ended,
  };
}
