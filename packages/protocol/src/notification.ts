import { z } from 'zod';
import type { Id, Seq } from './ids.ts';
import type { Message } from './message.ts';
import type { Settings } from './preferences.ts';
import { inQuietHours } from './quiet-hours.ts';
import { normalForm } from './text.ts';
import type { ConversationType, MySettings, PresenceStatus } from './things.ts';

/** What makes a message worth telling, the strongest first. `everything`: this conversation tells all of it. */
export const trigger = z.enum(['mention', 'reply', 'keyword', 'here', 'all', 'direct', 'thread', 'everything']);
export type Trigger = z.infer<typeof trigger>;

/** What keeps it quiet. The first that holds is the one that is told. */
export const silence = z.enum([
  'own',
  'system',
  'deleted',
  'blocked',
  'read',
  'not_followed',
  'in_thread',
  'muted',
  'level',
  'do_not_disturb',
  'quiet_hours',
]);
export type Silence = z.infer<typeof silence>;

/** `page`: pages that are open, by sound and desktop notification; `push`: devices that asked for it, whatever is open. */
export const channel = z.enum(['page', 'push']);
export type Channel = z.infer<typeof channel>;

/** Whether somebody is told of a message, and why. Both may be there: what would have told, and what kept it quiet. */
export const decision = z.object({
  trigger: trigger.optional(),
  silence: silence.optional(),
  /** Empty where it stays quiet. Without `push`: they are active, and the page in front of them tells. */
  via: z.array(channel),
});
export type Decision = z.infer<typeof decision>;

/** Everything that counts, and nothing else: whoever has these facts can say why. */
export interface NotificationFacts {
  /** Who is told, or not. */
  readonly to: Id;
  readonly message: Pick<Message, 'seq' | 'sender' | 'type' | 'text' | 'mentions' | 'fromThread' | 'deletedAt'>;
  /** It answers a message of theirs. */
  readonly answersThem: boolean;
  readonly conversation: {
    readonly type: ConversationType;
    /** Threads, and lines that came from one: they follow it. */
    readonly following: boolean;
  };
  /** How they keep this conversation; of a thread, how they keep the one it hangs in. */
  readonly kept: Pick<MySettings, 'notify' | 'mutedUntil' | 'keywords'>;
  readonly readSeq: Seq | 0;
  readonly settings: Pick<Settings, 'notify' | 'keywords' | 'doNotDisturbUntil' | 'doNotDisturbHours'>;
  /** They have blocked the sender. */
  readonly blocked: boolean;
  /** `online` means: active on one of their devices just now. */
  readonly presence: PresenceStatus;
  /** The moment, in ms since 1970. */
  readonly at: number;
}

/** The one place where it is decided, for the server that pushes and for the page that rings. */
export function decide(facts: NotificationFacts): Decision {
  const found = triggerOf(facts);
  const silence = silenceOf(facts, found);
  const told = found !== undefined && { trigger: found };
  if (silence !== undefined) return { ...told, silence, via: [] };
  return { ...told, via: facts.presence === 'online' ? ['page'] : ['page', 'push'] };
}

function triggerOf({
  to,
  message,
  answersThem,
  conversation,
  kept,
  settings,
  presence,
}: NotificationFacts): Trigger | undefined {
  const mentions = message.mentions ?? [];
  if (mentions.includes(to) && !message.fromThread) return 'mention'; // else it tells in the thread
  if (answersThem) return 'reply';
  if (holdsWord(message.text, [...(kept.keywords ?? []), ...settings.keywords])) return 'keyword';
  if (mentions.includes('here') && presence !== 'offline') return 'here';
  if (mentions.includes('all')) return 'all';
  if (conversation.type === 'direct') return 'direct';
  if (conversation.type === 'thread') return conversation.following ? 'thread' : undefined;
  return levelOf(conversation.type, kept, settings) === 'all' ? 'everything' : undefined;
}

function silenceOf(facts: NotificationFacts, trigger: Trigger | undefined): Silence | undefined {
  const { to, message, conversation, kept, readSeq, settings, blocked, presence, at } = facts;
  if (message.sender === to) return 'own';
  if (message.type === 'system') return 'system';
  if (message.deletedAt !== undefined) return 'deleted';
  if (blocked) return 'blocked';
  if (message.seq <= readSeq) return 'read';
  if (trigger === undefined && conversation.type === 'thread') return 'not_followed';
  if (toldInThread(facts)) return 'in_thread';
  if (kept.mutedUntil !== undefined && Date.parse(kept.mutedUntil) > at) return 'muted';
  if (!passes(trigger, facts)) return 'level';
  if (presence === 'dnd') return 'do_not_disturb';
  if (settings.doNotDisturbUntil && Date.parse(settings.doNotDisturbUntil) > at) return 'do_not_disturb';
  if (settings.doNotDisturbHours && inQuietHours(settings.doNotDisturbHours, at)) return 'quiet_hours';
  return undefined;
}

/** A reply that stands in the conversation, too, tells once: in the thread, where they follow it and it tells there. */
function toldInThread(facts: NotificationFacts): boolean {
  const { message, conversation } = facts;
  if (!message.fromThread || !conversation.following) return false;
  const there = { ...message, fromThread: undefined };
  return decide({ ...facts, message: there, conversation: { type: 'thread', following: true } }).via.length > 0;
}

/** The middle level lets through what is meant for them: mentions, and everything of one person to another. */
function passes(trigger: Trigger | undefined, { conversation, kept, settings }: NotificationFacts): boolean {
  if (trigger === undefined) return false;
  const level = levelOf(conversation.type, kept, settings);
  if (level === 'all') return true;
  if (level === 'nothing' || trigger === 'everything' || trigger === 'thread') return false;
  return trigger !== 'direct' || kept.notify === undefined; // chosen for this very conversation, it means mentions only
}

/** A level of its own wins; else channels are quieter than what is chosen for all the rest. */
function levelOf(
  type: ConversationType,
  kept: NotificationFacts['kept'],
  settings: NotificationFacts['settings'],
): Settings['notify'] {
  if (kept.notify !== undefined) return kept.notify;
  return type === 'channel' && settings.notify === 'all' ? 'mentions' : settings.notify;
}

/** So many places of a text are looked at; a text of more, with no whole word among them, was made to take time. */
const placesMax = 2_000;
/** The last text: everybody in a room is asked about the same one. */
let last = { text: '', folded: '' };

/** Whether a text holds one of these as whole words, in any case. */
export function holdsWord(text: string, words: readonly string[]): boolean {
  if (words.length === 0 || text === '') return false;
  if (last.text !== text) last = { text, folded: folded(text) };
  const searched = last.folded;
  let places = 0;
  return words.some(word => {
    const wanted = folded(word);
    if (wanted === '') return false;
    for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + 1)) {
      if (++places > placesMax) return false;
      if (!joins(searched, at - 1, wanted[0]) && !joins(searched, at + wanted.length, wanted.at(-1))) return true;
    }
    return false;
  });
}

const folded = (text: string): string => normalForm(text, 'NFKC').toLowerCase();
const letter = /[\p{L}\p{N}\p{M}_]/u;
/** Scripts that write words without spaces: there every place is a border. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** The characters at both sides belong to one word. */
function joins(text: string, at: number, edge = ''): boolean {
  const next = text[at] ?? '';
  return letter.test(next) && letter.test(edge) && !unspaced.test(next) && !unspaced.test(edge);
}
