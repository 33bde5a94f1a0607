import { z } from 'zod';
import { id, seq, time } from '../ids.ts';
import { altText, attachment, fileName, mediaKind, saidOfMedia } from '../media.ts';
import { me } from '../things.ts';
import { bytes, cursor, limit, ofConversation, route } from './route.ts';

const ofMedia = z.object({ id });

/** A file with the message in which it was sent. */
export const sentMedia = z.object({ seq, sender: id, createdAt: time, attachment });
export type SentMedia = z.infer<typeof sentMedia>;

export const mediaRoutes = {
  uploadMedia: route({
    method: 'POST',
    path: '/media',
    summary:
      'Upload a file in one piece: its bytes are the body. Large ones go better by `/uploads`, which can go on after a break.',
    query: z.object({ name: fileName, about: saidOfMedia.optional().describe('JSON') }),
    headers: z.object({ 'content-type': z.string().max(200).optional() }),
    body: bytes,
    answers: { 201: attachment },
    refusals: [
      'media.empty',
      'media.too_large',
      'media.quota',
      'media.not_what_it_says',
      'media.too_many_pixels',
      'media.broken',
      'media.no_room',
      'media.store_away',
      'upload.too_many',
      'overloaded',
    ],
  }),
  mediaUsage: route({
    method: 'GET',
    path: '/media/usage',
    summary: 'How much room my files take, and how much there is.',
    answers: { 200: z.object({ usedBytes: z.int().min(0), quotaBytes: z.int().min(0) }) },
  }),
  media: route({
    method: 'GET',
    path: '/media/:id',
    summary: 'A file, or a range of it. Pictures, sound and film of known kinds may be shown, all else is to be saved.',
    cookie: true,
    params: ofMedia,
    headers: z.object({ range: z.string().max(200).optional(), 'if-none-match': z.string().max(1_000).optional() }),
    answers: { 200: bytes, 206: bytes, 304: null },
    refusals: ['media.unknown', 'media.range', 'media.store_away'],
  }),
  thumbnail: route({
    method: 'GET',
    path: '/media/:id/thumbnail',
    summary: 'A small picture of it: WebP, at most 960 pixels wide or high.',
    cookie: true,
    params: ofMedia,
    headers: z.object({ 'if-none-match': z.string().max(1_000).optional() }),
    answers: { 200: bytes, 304: null },
    refusals: ['media.unknown', 'media.no_thumbnail', 'media.store_away'],
  }),
  describeMedia: route({
    method: 'PATCH',
    path: '/media/:id',
    summary: 'Another name or description for a file of mine that is in no message yet.',
    params: ofMedia,
    body: z.object({ name: fileName.optional(), alt: altText.optional() }),
    answers: { 200: attachment },
    refusals: ['media.unknown'],
  }),
  setPicture: route({
    method: 'PUT',
    path: '/users/me/picture',
    summary: 'My face: a picture that I uploaded. From then on everybody with an account here may have it.',
    body: z.object({ mediaId: id }),
    answers: { 200: me },
    refusals: ['media.unknown', 'media.not_a_picture'],
  }),
  clearPicture: route({
    method: 'DELETE',
    path: '/users/me/picture',
    summary: 'No face any more.',
    answers: { 200: me },
  }),
  conversationMedia: route({
    method: 'GET',
    path: '/conversations/:id/media',
    summary: 'Files that were sent in it, latest first.',
    params: ofConversation,
    query: z.object({
      kind: z
        .string()
        .max(60)
        .transform(list => list.split(','))
        .pipe(z.array(mediaKind).min(1))
        .optional()
        .describe('Kinds, separated by commas.'),
      limit,
      cursor,
    }),
    answers: { 200: z.object({ media: z.array(sentMedia), next: z.string().optional() }) },
    refusals: ['conversation.unknown', 'cursor.invalid'],
  }),
} as const;
