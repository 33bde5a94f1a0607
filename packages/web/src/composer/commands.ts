import { type Act, type ConversationType, type MemberRole, may, mayDo } from '@carpenter/protocol';

export const commandNames = ['topic', 'invite', 'join', 'leave', 'mute', 'me', 'shrug'] as const;
export type CommandName = (typeof commandNames)[number];

/** What a text asks for instead of being sent. */
export type Command =
  | { readonly name: 'topic'; readonly topic: string }
  | { readonly name: 'invite'; readonly usernames: readonly string[] }
  | { readonly name: 'join'; readonly channel: string }
  | { readonly name: 'leave' }
  | { readonly name: 'mute'; readonly how: Mute };
/** For how many minutes, or until when. */
export type Mute = number | 'today' | 'forever' | 'off';

/** What was written in the composer, as it is meant. */
export type Written =
  /** Goes out so. `name`: the command that made it. */
  | { readonly kind: 'text'; readonly text: string; readonly name?: CommandName }
  | { readonly kind: 'command'; readonly command: Command }
  /** A command without what belongs behind it. */
  | { readonly kind: 'incomplete'; readonly name: CommandName }
  /** `word`: as it was typed, without the slash. */
  | { readonly kind: 'unknown'; readonly word: string };

const shaped = /^\/(\p{L}[\p{L}\p{N}_-]*)(?:\s+([\s\S]*))?$/u;
const shrug = '¯\\_(ツ)_/¯';
const unitMinutes = { m: 1, h: 60, d: 1_440 } as const;
const minutesMax = 366 * unitMinutes.d;

/**
 * A slash and a word at the very beginning are a command. Two slashes there send the text with one, a path like
 * `/usr/bin` is a text.
 */
export function readWritten(text: string): Written {
  if (text.startsWith('//') && shaped.test(text.slice(1))) return { kind: 'text', text: text.slice(1) };
  const [found, word = '', rest = ''] = shaped.exec(text) ?? [];
  if (found === undefined) return { kind: 'text', text };
  const name = commandNames.find(each => each === word.toLowerCase());
  if (!name) return { kind: 'unknown', word };
  return readCommand(name, rest.trim()) ?? { kind: 'incomplete', name };
}

function readCommand(name: CommandName, rest: string): Written | undefined {
  const asked = (command: Command): Written => ({ kind: 'command', command });
  switch (name) {
    case 'topic':
      return rest === '' ? undefined : asked({ name, topic: rest.replace(/\s+/gu, ' ') });
    case 'invite': {
      const usernames = rest.split(/[\s,]+/u).map(each => each.replace(/^@/, '').toLowerCase());
      return usernames.includes('') ? undefined : asked({ name, usernames: [...new Set(usernames)] });
    }
    case 'join': {
      const channel = rest.replace(/^#/, '').trim();
      return channel === '' ? undefined : asked({ name, channel });
    }
    case 'leave':
      return rest === '' ? asked({ name }) : undefined;
    case 'mute': {
      const how = muteOf(rest.toLowerCase());
      return how === undefined ? undefined : asked({ name, how });
    }
    case 'me':
      return rest === '' ? undefined : { kind: 'text', name, text: rest.replace(/^.*\S.*$/gmu, italic) };
    case 'shrug':
      return { kind: 'text', name, text: rest === '' ? shrug : `${rest} ${shrug}` };
  }
}

const italic = (line: string) => line.replace(/\S(?:.*\S)?/u, words => `*${words}*`);

function muteOf(rest: string): Mute | undefined {
  if (rest === '') return 'forever';
  if (rest === 'today' || rest === 'off') return rest;
  const [, count, unit] =
    /^(\d{1,6}) ?([mhd])/.exec(rest.replace(/(min|minutes?|hours?|days?)$/, long => long.charAt(0))) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd') return undefined;
  const minutes = Number(count) * unitMinutes[unit];
  return minutes > 0 && minutes <= minutesMax ? minutes : undefined;
}

/** Where somebody writes, and what they are there. */
export interface Where {
  readonly type: ConversationType;
  readonly role: MemberRole;
  /** A guest of the server. */
  readonly guest: boolean;
}
type Hindrance =
  /** Conversations of this kind do not know it. */
  | { readonly because: 'kind'; readonly type: ConversationType }
  /** Only these may. */
  | { readonly because: 'role'; readonly roles: readonly MemberRole[] }
  | { readonly because: 'guest' };

const rooms: readonly ConversationType[] = ['group', 'channel'];
const rules: { readonly [N in CommandName]: { readonly in?: readonly ConversationType[]; readonly act?: Act } } = {
  topic: { in: rooms, act: 'rename' },
  invite: { in: rooms, act: 'add' },
  join: {},
  leave: { in: rooms },
  mute: { in: [...rooms, 'direct'] },
  me: {},
  shrug: {},
};

/** Why this command cannot be used here, if it cannot. */
export function hindrance(name: CommandName, { type, role, guest }: Where): Hindrance | undefined {
  const { in: types, act } = rules[name];
  if (types && !types.includes(type)) return { because: 'kind', type };
  if (act && !mayDo(role, act)) return { because: 'role', roles: may[act] };
  return name === 'join' && guest ? { because: 'guest' } : undefined;
}
