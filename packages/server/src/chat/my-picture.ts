import { type Id, type Me, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { transaction } from '../store/database.ts';
import { holdMine, setPicture } from '../store/media.ts';
import type { Chat } from './chat.ts';
import { readMe, tellMe, tellOthers } from './users.ts';

/** My face; `undefined` takes it away. @throws {Refusal} media.unknown, media.not_a_picture */
export async function changePicture(chat: Chat, actor: Actor, mediaId: Id | undefined): Promise<Me> {
  await transaction(chat.store.db, async tx => {
    if (mediaId !== undefined) {
      const picture = (await holdMine(tx, actor.userId, mediaId)) ?? refuse('media.unknown', {});
      if (picture.kind !== 'image') refuse('media.not_a_picture', {});
    }
    await setPicture(tx, actor.userId, mediaId ?? null);
  });
  const me = await readMe(chat, actor);
  tellMe(chat.bus, me);
  await tellOthers(chat, me);
  return me;
}
