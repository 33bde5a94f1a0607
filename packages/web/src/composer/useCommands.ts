import type { Client, ConversationHandle, Timeline } from '@carpenter/client';
import { forever, type Id } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { channelName } from '../markdown/names.ts';
import { showToast } from '../parts/toasts.ts';
import { useGo } from '../place.ts';
import { endOfToday } from '../sidebar/attention.ts';
import { said } from '../words/failures.ts';
import { comingTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { type Command, type CommandName, hindrance, type Mute, readWritten, type Where } from './commands.ts';
import { publicChannels } from './publicChannels.ts';

type Meant =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'refused'; readonly why: string };

export interface Commands {
  /** What a text in the composer means here. `why`: a sentence that says why nothing comes of it. */
  readonly read: (text: string) => Meant;
  /** @returns why it was not done, in a sentence */
  readonly run: (command: Command) => Promise<string | undefined>;
  /** It was asked to leave; that is asked back. */
  readonly leaving: boolean;
  readonly stay: () => void;
}

/** Where one stands, for what one may do there. */
export function useWhere({ conversation, mine }: Timeline): Where | undefined {
  const guest = useMe().role === 'guest';
  return conversation && mine && { type: conversation.type, role: mine.role, guest };
}

/** Does what a text in the composer asks for. */
export function useCommands(handle: ConversationHandle, timeline: Timeline): Commands {
  const client = useClient();
  const go = useGo();
  const where = useWhere(timeline);
  const [leaving, setLeaving] = useState(false);

  const whyNot = (name: CommandName) => {
    const found = where && hindrance(name, where);
    if (!found) return undefined;
    if (found.because === 'kind') return words.commands.notIn[found.type](name);
    if (found.because === 'guest') return words.commands.notForGuests(name);
    return words.commands.onlyFor(
      name,
      found.roles.map(role => words.commands.roles[role]),
    );
  };
  const perform = async (command: Command): Promise<string | undefined> => {
    switch (command.name) {
      case 'topic':
        await client.update(handle.id, { topic: command.topic });
        return undefined;
      case 'invite':
        return invite(client, handle.id, command.usernames);
      case 'join': {
        const id = await join(client, command.channel);
        if (id === undefined) return words.rooms.noneFound(command.channel);
        go.to({ at: 'conversation', id, details: false });
        return undefined;
      }
      case 'leave':
        setLeaving(true);
        return undefined;
      case 'mute':
        showToast({ text: await mute(client, handle.id, command.how) });
        return undefined;
    }
  };
  return {
    read(text) {
      const written = readWritten(text);
      if (written.kind === 'text') return written;
      if (written.kind === 'unknown') return { kind: 'refused', why: words.commands.unknown(written.word) };
      const name = written.kind === 'command' ? written.command.name : written.name;
      const why = whyNot(name);
      if (why !== undefined) return { kind: 'refused', why };
      if (written.kind === 'command') return written;
      return { kind: 'refused', why: words.commands.incomplete(words.commands.usage[name]) };
    },
    run: async command => {
      try {
        return await perform(command);
      } catch (error) {
        return words.commands.failed(said(error));
      }
    },
    leaving,
    stay: () => setLeaving(false),
  };
}

async function invite(client: Client, id: Id, usernames: readonly string[]): Promise<string | undefined> {
  const ids: Id[] = [];
  for (const username of usernames) {
    const user = (await client.findUsers(username, 20)).find(each => each.username === username);
    if (!user) return words.begin.noMatch(`@${username}`);
    ids.push(user.id);
  }
  await client.addMembers(id, ids);
  return undefined;
}

/** @returns the channel, one of mine or a public one that I am in now */
async function join(client: Client, typed: string): Promise<Id | undefined> {
  const name = channelName(typed);
  const own = client.conversations
    .get()
    ?.find(row => row.conversation.type === 'channel' && channelName(row.title) === name);
  if (own) return own.id;
  const found = (await publicChannels(client, typed)).find(each => channelName(each.name ?? '') === name);
  if (found) await client.join(found.id);
  return found?.id;
}

/** @returns how it is now */
async function mute(client: Client, id: Id, how: Mute): Promise<string> {
  const now = serverNow();
  const { keep } = words;
  const until = (at: string, said: string) => client.updateMine(id, { mutedUntil: at }).then(() => said);
  if (how === 'forever') return until(forever, keep.muted);
  if (how === 'off') {
    await client.updateMine(id, { mutedUntil: null });
    return words.commands.unmuted;
  }
  const end = how === 'today' ? endOfToday(now) : new Date(now + how * 60_000).toISOString();
  return until(end, keep.mutedUntil(comingTime(end, now)));
}
