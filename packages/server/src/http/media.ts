import { Readable } from 'node:stream';
import { api, refuse } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { changePicture } from '../chat/my-picture.ts';
import type { Media } from '../media/media.ts';
import { changeMedia, findMedia, listMedia, openOriginal, openThumbnail } from '../media/read.ts';
import { readUsage, receiveWhole } from '../media/uploads.ts';
import { readBytes } from './body.ts';
import { type Endpoint, on } from './endpoint.ts';
import { fileHead, isKnown, rangeOf } from './files.ts';

export const mediaRoutes = (chat: Chat, media: Media): Endpoint[] => [
  on(api.uploadMedia, async ({ actor, query, headers, request }) => {
    const length = request.headers['content-length'];
    const bytes = length === undefined ? undefined : Number(length);
    const mediaType = headers['content-type'] ?? '';
    const file = { name: query.name, mediaType, said: query.about ?? {}, bytes };
    return { status: 201, body: await readBytes(request, bytes => receiveWhole(media, actor, file, bytes)) };
  }),
  on(api.mediaUsage, async ({ actor }) => ({ status: 200, body: await readUsage(media, actor) })),
  on(api.media, async ({ actor, params: { id }, headers, request, reply }) => {
    const attachment = await findMedia(media, actor, id);
    const range = rangeOf(headers.range, attachment.bytes);
    if (range === 'beyond') {
      reply.header('content-range', `bytes */${attachment.bytes}`);
      refuse('media.range', { bytes: attachment.bytes });
    }
    fileHead(reply, attachment, 'original');
    reply.header('accept-ranges', 'bytes');
    if (isKnown(headers['if-none-match'], id, 'original')) return { status: 304 };
    const body = request.method === 'HEAD' ? Readable.from([]) : await openOriginal(media, id, range);
    if (!range) {
      reply.header('content-length', attachment.bytes);
      return { status: 200, body };
    }
    reply.header('content-range', `bytes ${range.start}-${range.end}/${attachment.bytes}`);
    reply.header('content-length', range.end - range.start + 1);
    return { status: 206, body };
  }),
  on(api.thumbnail, async ({ actor, params: { id }, headers, reply }) => {
    const attachment = await findMedia(media, actor, id);
    if (attachment.kind !== 'image') refuse('media.no_thumbnail', {});
    fileHead(reply, { ...attachment, mediaType: 'image/webp', name: `${attachment.name}.webp` }, 'thumbnail');
    if (isKnown(headers['if-none-match'], id, 'thumbnail')) return { status: 304 };
    return { status: 200, body: await openThumbnail(media, id) };
  }),
  on(api.describeMedia, async ({ actor, params, body }) => ({
    status: 200,
    body: await changeMedia(media, actor, params.id, body),
  })),
  on(api.setPicture, async ({ actor, body }) => ({
    status: 200,
    body: await changePicture(chat, actor, body.mediaId),
  })),
  on(api.clearPicture, async ({ actor }) => ({ status: 200, body: await changePicture(chat, actor, undefined) })),
  on(api.conversationMedia, async ({ actor, params, query: { kind: kinds, ...query } }) => ({
    status: 200,
    body: await listMedia(media, actor, params.id, { ...query, kinds }),
  })),
];
