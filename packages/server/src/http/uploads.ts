import { api, apiPrefix, fileName, refuse, saidOfMedia } from '@carpenter/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Media } from '../media/media.ts';
import { type Announced, beginUpload, dropUpload, readUpload, receivePart, uploadRow } from '../media/uploads.ts';
import { readBytes } from './body.ts';
import { type Endpoint, on } from './endpoint.ts';
import { badInput } from './problem.ts';

const version = '1.0.0';
const partType = 'application/offset+octet-stream';

/** tus 1.0.0, https://tus.io/protocols/resumable-upload: core, creation, termination. */
export const uploadRoutes = (media: Media): Endpoint[] => [
  on(api.createUpload, async ({ actor, headers, reply }) => {
    speak(reply, headers['tus-resumable']);
    const id = await beginUpload(media, actor, {
      ...readMetadata(headers['upload-metadata']),
      bytes: headers['upload-length'],
    });
    reply.header('location', `${apiPrefix}/uploads/${id}`);
    return { status: 201 };
  }),
  on(api.uploadOffset, async ({ actor, params, headers, reply }) => {
    speak(reply, headers['tus-resumable']);
    const { received, bytes } = await uploadRow(media, actor, params.id);
    reply.headers({ 'upload-offset': received, 'upload-length': bytes });
    return { status: 200 };
  }),
  on(api.upload, async ({ actor, params }) => ({ status: 200, body: await readUpload(media, actor, params.id) })),
  on(api.uploadPart, async ({ actor, params, headers, request, reply }) => {
    speak(reply, headers['tus-resumable']);
    if (headers['content-type']?.toLowerCase() !== partType) refuse('upload.not_bytes', {});
    const offset = await readBytes(request, (bytes, stop) =>
      receivePart(media, actor, params.id, headers['upload-offset'], bytes, stop),
    );
    reply.header('upload-offset', offset);
    return { status: 204 };
  }),
  on(api.dropUpload, async ({ actor, params, headers, reply }) => {
    speak(reply, headers['tus-resumable']);
    await dropUpload(media, actor, params.id);
    return { status: 204 };
  }),
];

/** Every tus answer names the version, refusals too. @throws {Refusal} upload.version */
function speak(reply: FastifyReply, asked: string | undefined): void {
  reply.header('tus-resumable', version);
  if (asked === version) return;
  reply.header('tus-version', version);
  refuse('upload.version', {});
}

/** `filename bW9vbi5qcGc=,filetype aW1hZ2UvanBlZw==`: pairs, the values in Base64. What we do not know is passed over. */
function readMetadata(header: string): Omit<Announced, 'bytes'> {
  const pairs = header.split(',').map((pair): [string, string] => {
    const [key = '', value = ''] = pair.trim().split(' ');
    return [key, Buffer.from(value, 'base64').toString('utf8')];
  });
  const told = new Map(pairs);
  const about = saidOfMedia.safeParse(told.get('about') ?? '{}');
  const name = fileName.safeParse(told.get('filename') ?? '');
  if (about.error) throw badInput(about.error.issues[0]?.message ?? 'This is not valid.', 'upload-metadata.about');
  if (name.error) throw badInput('This name is too long.', 'upload-metadata.filename');
  const [mediaType = ''] = /^[ -~]{0,200}/.exec(told.get('filetype') ?? '') ?? []; // names of types are ASCII
  return { name: name.data, mediaType, said: about.data };
}

/** What tus clients ask first. A browser's own question before a foreign page uploads comes to the same address. */
export function answerTusOptions(app: FastifyInstance, maxBytes: number): void {
  app.addHook('onRequest', async ({ method, url }, reply) => {
    if (method !== 'OPTIONS' || !url.startsWith(`${apiPrefix}/uploads`)) return;
    reply.headers({
      'tus-resumable': version,
      'tus-version': version,
      'tus-extension': 'creation,termination',
      'tus-max-size': maxBytes,
    });
  });
}
