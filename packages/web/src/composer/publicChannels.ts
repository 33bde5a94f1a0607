import type { Client } from '@carpenter/client';
import type { Conversation } from '@carpenter/protocol';
import { channelName } from '../markdown/names.ts';

/** Public channels that could be meant by what is typed behind `#`, where white space is a dash: asked for by its first word. */
export async function publicChannels(client: Client, typed: string): Promise<readonly Conversation[]> {
  const { channels } = await client.channels(/[\p{L}\p{N}_]+/u.exec(channelName(typed))?.[0] ?? '');
  return channels.map(({ conversation }) => conversation);
}
