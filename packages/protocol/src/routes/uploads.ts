import { z } from 'zod';
import { id } from '../ids.ts';
import { attachment } from '../media.ts';
import { bytes, route } from './route.ts';

const ofUpload = z.object({ id });
const length = z.coerce.number().pipe(z.int().min(0));
const tus = { 'tus-resumable': z.string().optional() };

/** How far an upload is. `attachment`: it is whole, looked at and kept; messages can name it. */
export const upload = z.object({ id, bytes: z.int(), received: z.int(), attachment: attachment.optional() });
export type Upload = z.infer<typeof upload>;

/** Resumable uploads as tus 1.0.0 wants them (https://tus.io), with the extensions creation and termination. */
export const uploadRoutes = {
  createUpload: route({
    method: 'POST',
    path: '/uploads',
    summary: 'Announce a file (tus). `Location` says where its bytes go.',
    headers: z.object({
      ...tus,
      'upload-length': length,
      'upload-metadata': z
        .string()
        .max(8_192)
        .default('')
        .describe(
          '`filename`, `filetype`, and `about`: JSON with voice, durationMs, waveform, width, height, alt; each in Base64.',
        ),
    }),
    answers: { 201: null },
    refusals: ['upload.version', 'upload.too_many', 'media.empty', 'media.too_large', 'media.quota'],
  }),
  uploadOffset: route({
    method: 'HEAD',
    path: '/uploads/:id',
    summary: 'Where it goes on, in `Upload-Offset` (tus).',
    params: ofUpload,
    headers: z.object(tus),
    answers: { 200: null },
    refusals: ['upload.version', 'upload.unknown'],
  }),
  upload: route({
    method: 'GET',
    path: '/uploads/:id',
    summary: 'How far it is, and what it has become. Waits while a whole one is looked at.',
    params: ofUpload,
    answers: { 200: upload },
    refusals: [
      'upload.unknown',
      'media.not_what_it_says',
      'media.too_many_pixels',
      'media.broken',
      'media.no_room',
      'media.store_away',
      'overloaded',
    ],
  }),
  uploadPart: route({
    method: 'PATCH',
    path: '/uploads/:id',
    summary:
      'The next bytes (tus). What arrived before a break is kept. The last ones are answered when the file is looked at.',
    params: ofUpload,
    headers: z.object({ ...tus, 'upload-offset': length, 'content-type': z.string().optional() }),
    body: bytes,
    answers: { 204: null },
    refusals: [
      'upload.version',
      'upload.unknown',
      'upload.offset',
      'upload.beyond_end',
      'upload.not_bytes',
      'upload.too_many_parts',
      'media.not_what_it_says',
      'media.too_many_pixels',
      'media.broken',
      'media.no_room',
      'media.store_away',
      'overloaded',
    ],
  }),
  dropUpload: route({
    method: 'DELETE',
    path: '/uploads/:id',
    summary: 'Throw an upload away, finished or not, unless a message has it (tus).',
    params: ofUpload,
    headers: z.object(tus),
    answers: { 204: null },
    refusals: ['upload.version', 'upload.unknown'],
  }),
} as const;
