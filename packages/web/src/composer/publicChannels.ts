import type { Client } from '@carpenter/client';
import type { Conversation } from '@carpenter/protocol';
import { channelName } from '../markdown/names.ts';

/** Public channels by the beginning of a name as it is typed behind `#`, where white space is a dash. */
export async function publicChannels(client: Client, typed: string): Promise<readonly Conversation[]> {
  const begin = channelName(typed);
  const { channels } = await client.channels(/[\p{L}\p{N}_]+/u.exec(begin)?.[0] ?? '');
  return channels
    .map(({ conversation }) => conversation)
    .filter(({ name = '' }) => channelName(name).startsWith(typed === '' ? '' : begin));
}
