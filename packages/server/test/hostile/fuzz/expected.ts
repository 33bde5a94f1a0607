import { isUtf8 } from 'node:buffer';
import {
  type CommandType,
  closes,
  command,
  commandTypes,
  defaultLimits,
  type Event,
  type EventType,
  type RefusalCode,
  ref,
} from '@carpenter/protocol';
import { opcode } from '../raw.ts';
import { framesOf, isProper } from './frames.ts';

// What docs/protocol.md (2 and 3) says must come of bytes on a WebSocket, read from the bytes alone.

/** A text frame that a server has to take note of. */
export type Call =
  /** It is no command: an `error` with this code comes at once, and it counts as malformed. */
  | { readonly name: 'refused'; readonly ref: string | undefined; readonly code: RefusalCode }
  /** Its answer is this event, or an `error`; undefined: nothing has to come, and an `error` may. */
  | { readonly name: 'asked'; readonly ref: string | undefined; readonly answer: EventType | undefined };

export interface Expected {
  readonly calls: readonly Call[];
  /** Codes with which the connection may end by it; none: it goes on. */
  readonly ends: readonly number[];
  /** No frame is left open. Where one is, the server waits for more, and an end of ours is answered by its own. */
  readonly whole: boolean;
  /** A close of ours is among them: its echo may be the end. */
  readonly closes: boolean;
}

/** Each command and what answers it, as the table of the protocol has it. One forgotten does not compile. */
const answers: { readonly [T in CommandType]: EventType | undefined } = {
  auth: 'auth.renewed',
  'message.send': 'ack',
  'message.edit': 'ack',
  'message.delete': 'ack',
  'reaction.add': 'ack',
  'reaction.remove': 'ack',
  'poll.vote': 'ack',
  'receipt.delivered': undefined,
  'receipt.read': undefined,
  typing: undefined,
  watch: undefined, // `activity` of each that I may read, without `ref`
  'presence.set': undefined,
  sync: 'changes',
  heads: 'heads',
  ping: 'pong',
};

const broken: readonly number[] = [
  closes.brokenFraming,
  closes.binaryFrame,
  closes.invalidUtf8,
  closes.tooManyFragments,
  closes.tooLong,
].map(({ code }) => code);

/** @param stranger  nobody has logged in on this connection */
export function expectedOf(bytes: Buffer, stranger: boolean): Expected {
  const { frames, rest } = framesOf(bytes);
  const calls: Call[] = [];
  const whole = rest.length === 0;
  const ending = (ends: readonly number[], closes = false): Expected => ({ calls, ends, whole, closes });
  for (const one of frames) {
    if (!isProper(one)) return ending(broken);
    if (one.kind === opcode.close) return ending(broken, true);
    if (one.kind !== opcode.text) continue; // a ping or a pong
    if (one.payload.length > defaultLimits.frameMaxBytes) return ending([closes.tooLong.code]);
    if (!isUtf8(one.payload)) return ending([closes.invalidUtf8.code]);
    const call = callOf(one.payload.toString(), stranger);
    if (call === 'login') return ending([closes.unauthenticated.code, ...broken]); // what follows is read before it is judged
    calls.push(call);
  }
  return ending(whole ? [] : broken);
}

function callOf(text: string, stranger: boolean): Call | 'login' {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) {
    return { name: 'refused', ref: undefined, code: 'frame.malformed' };
  }
  const refused = (code: RefusalCode): Call => ({
    name: 'refused',
    ref: ref.safeParse('ref' in value ? value.ref : undefined).data,
    code,
  });
  if (!('type' in value) || typeof value.type !== 'string') return refused('frame.malformed');
  if (!commandTypes.has(value.type)) return refused('frame.unknown_type');
  const { data } = command.safeParse(value);
  if (!data) return refused('input.invalid');
  if (!stranger) return { name: 'asked', ref: data.ref, answer: answers[data.type] };
  return data.type === 'auth' ? 'login' : refused('auth.required');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether something has to come. */
export const isOwed = (call: Call): boolean => call.name === 'refused' || call.answer !== undefined;

type Answer = Event & { readonly ref?: string | undefined };

/** How well an event answers a call; 0: not at all. Without `ref`, an `error` may be the answer to more than one. */
export function fit(call: Call, event: Answer): number {
  if (call.ref !== event.ref) return 0;
  if (call.name === 'refused') return event.type === 'error' && event.code === call.code ? 3 : 0;
  if (event.type !== 'error') return event.type === call.answer ? 3 : 0;
  return isOwed(call) ? 2 : 1;
}

/** The only events that are answers, and come for nothing else. */
export const isAnswer = ({ type }: Event): boolean => type === 'error' || answering.has(type);
const answering: ReadonlySet<string | undefined> = new Set(Object.values(answers));
