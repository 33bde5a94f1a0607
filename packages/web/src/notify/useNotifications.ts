import type { Client, ConversationRow, ThreadRow } from '@carpenter/client';
import { type Decision, decide, type Id, type Message, type NotificationFacts } from '@carpenter/protocol';
import { useEffect, useEffectEvent } from 'react';
import { useClient, useMe, usePeople } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { preferences } from '../hooks/preferences.ts';
import { play, wakeSounds } from '../hooks/sounds.ts';
import { plainText } from '../markdown/plain.ts';
import { addressOf, type Place, placeOfAddress, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { connect, device, worker } from './device.ts';
import { lookedAt, useLooking } from './looking.ts';
import { closeNotes, showNote } from './notes.ts';
import { permissionIsDue } from './permission.ts';

/** A message that has just come, and where. */
interface News {
  readonly id: Id;
  readonly message: Message;
  readonly facts: Pick<NotificationFacts, 'conversation' | 'kept' | 'readSeq' | 'blocked'>;
  readonly title: string;
  readonly place: Place;
}

/** Rings and shows notes for what comes while one does not look at it, and takes them away once it is read. */
export function useNotifications(place: Place): void {
  const client = useClient();
  const me = useMe();
  const { nameOf } = usePeople();
  const go = useGo();
  useLooking(place);

  const hear = useEffectEvent(async (news: News) => {
    const { message } = news;
    if (message.sender === me.id) return permissionIsDue();
    const decision = await judge(client, me.id, news);
    if (!decision.via.includes('page')) return;
    const inFront = await lookedAt(place);
    if (inFront.some(shown => shows(shown, news))) return;
    const settings = preferences.get();
    if (settings.sounds) play(decision.trigger && loud.has(decision.trigger) ? 'mention' : 'message');
    if (inFront.length > 0) return;
    if (news.facts.conversation.type === 'direct') permissionIsDue();
    const state = device.get();
    if (state !== 'on' && state !== 'page') return;
    const sender = nameOf(message.sender);
    const text = plainText(message.text) || words.notify.sentSomething;
    await showNote({
      id: news.id,
      seq: message.seq,
      title: news.title === sender ? sender : words.notify.inConversation(sender, news.title),
      body: settings.notifyPreview ? text : words.notify.hidden,
      path: addressOf(news.place),
    });
  });
  const open = useEffectEvent((path: string) => go.to(placeOfAddress(path)));

  useEffect(wakeSounds, []);
  useEffect(() => {
    void worker();
    void connect(client);
    if (!('serviceWorker' in navigator)) return;
    const listen = ({ data }: MessageEvent) => {
      if (data?.type === 'open' && typeof data.path === 'string') open(data.path);
    };
    navigator.serviceWorker.addEventListener('message', listen);
    return () => navigator.serviceWorker.removeEventListener('message', listen);
  }, [client]);
  useEffect(() => {
    // What is there when the list comes, or came while we were away, is no news.
    let known: Map<Id, number> | undefined;
    let closing: ReturnType<typeof setTimeout> | undefined;
    let latest: readonly News[] = [];
    const closeSoon = (all: readonly News[]) => {
      latest = all;
      closing ??= setTimeout(() => {
        closing = undefined;
        void closeNotes((id, seq) => (latest.find(news => news.id === id)?.facts.readSeq ?? 0) >= seq);
      }, closeAfterMs);
    };
    const look = () => {
      const rows = client.conversations.get();
      if (!rows) return;
      const before = known;
      const threads = client.followed.get();
      const followed = new Set(threads.map(({ id }) => id));
      const all = [...rows.flatMap(row => inRow(row, followed)), ...threads.flatMap(thread => inThread(thread, rows))];
      known = new Map(all.map(({ id, message }) => [id, message.seq]));
      closeSoon(all);
      if (!before || client.connection.get().phase !== 'online') return;
      const justBegun = serverNow() - newsMs;
      for (const news of all) {
        const fresh = news.message.seq > (before.get(news.id) ?? 0) && Date.parse(news.message.createdAt) > justBegun;
        if (fresh) void hear(news);
      }
    };
    look();
    const ends = [client.conversations.subscribe(look), client.followed.subscribe(look)];
    return () => {
      clearTimeout(closing);
      for (const end of ends) end();
    };
  }, [client]);
}

const newsMs = 60_000;
/** Much changes in the list; asking the browser for its notes is not for each of them. */
const closeAfterMs = 500;
const loud: ReadonlySet<string> = new Set(['mention', 'reply', 'keyword', 'here', 'all']);

const shows = (shown: Place, { id, place }: News): boolean =>
  shown.at === 'conversation' &&
  (shown.id === id || (place.at === 'conversation' && place.id === shown.id && place.thread === shown.thread));

function inRow(
  { id, lastMessage: message, conversation, mine, lastBlocked: blocked, title }: ConversationRow,
  followed: ReadonlySet<Id>,
): News[] {
  if (!message) return [];
  const { fromThread } = message;
  const facts = {
    conversation: { type: conversation.type, following: !fromThread || followed.has(fromThread.conversationId) },
    kept: mine,
    readSeq: mine.readSeq,
    blocked,
  };
  const place = { at: 'conversation' as const, id, details: false, message: message.seq };
  return [{ id, message, facts, title, place }];
}

/** A thread is kept as the conversation is in which it hangs. */
function inThread(
  { id, lastMessage: message, lastBlocked, root, unread }: ThreadRow,
  rows: readonly ConversationRow[],
): News[] {
  const parent = rows.find(row => row.id === root.conversationId);
  if (!message || !parent) return [];
  const readSeq = unread > 0 ? message.seq - 1 : message.seq;
  const facts = {
    conversation: { type: 'thread' as const, following: true },
    kept: parent.mine,
    readSeq,
    blocked: lastBlocked,
  };
  const place = { at: 'conversation' as const, id: parent.id, details: false, thread: root.seq };
  return [{ id, message, facts, title: parent.title, place }];
}

/** By the same function that the server asks. Whom it answers is looked up only where that could make the difference. */
async function judge(client: Client, to: Id, { id, message, facts }: News): Promise<Decision> {
  const presence = client.presence.get().get(to)?.status === 'dnd' ? 'dnd' : 'online';
  const given = { ...facts, to, message, settings: preferences.get(), presence, at: serverNow() } as const;
  const plain = decide({ ...given, answersThem: false });
  if (message.replyTo === undefined || plain.silence !== 'level') return plain;
  const answered = await client
    .conversation(id)
    .message(message.replyTo)
    .catch(() => undefined);
  return decide({ ...given, answersThem: answered?.sender === to });
}
