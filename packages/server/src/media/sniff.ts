import { open } from 'node:fs/promises';
import { type MediaKind, refuse, type SaidOfMedia } from '@carpenter/protocol';
import { fileTypeFromFile } from 'file-type';

interface Sniffed {
  readonly kind: MediaKind;
  readonly mediaType: string;
}

const pictures = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);
/** Sound and film that browsers play: by what file-type calls them, what they are served as. */
const sounds = new Map([
  ['audio/mpeg', 'audio/mpeg'],
  ['audio/ogg', 'audio/ogg'],
  ['audio/ogg; codecs=opus', 'audio/ogg'],
  ['audio/wav', 'audio/wav'],
  ['audio/aac', 'audio/aac'],
  ['audio/flac', 'audio/flac'],
  ['audio/x-flac', 'audio/flac'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/mp4', 'audio/mp4'],
]);
const films = new Map([
  ['video/mp4', 'video/mp4'],
  ['video/x-m4v', 'video/mp4'],
  ['video/quicktime', 'video/quicktime'],
  ['video/webm', 'video/webm'],
  ['video/ogg', 'video/ogg'],
]);

/** May be shown in a page: nothing in it can act. All else is only to be saved. */
export const isHarmless = (mediaType: string): boolean =>
  pictures.has(mediaType) || [...sounds.values(), ...films.values()].includes(mediaType);

/**
 * Looks at the bytes. What its uploader calls it counts only where the bytes leave it open: whether a WebM or MP4 has a picture.
 * @param claimed the type that came along; '' for none
 * @throws {Refusal} media.not_what_it_says: it claims to be something that is shown, and is not
 */
export async function sniff(path: string, claimed: string, said: SaidOfMedia): Promise<Sniffed> {
  const found = (await fileTypeFromFile(path))?.mime ?? '';
  const claim = claimed.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (pictures.has(found)) return { kind: 'image', mediaType: found };
  const sound = sounds.get(found) ?? (claim.startsWith('audio/') ? films.get(found)?.replace('video/', 'audio/') : '');
  if (sound) return { kind: said.voice ? 'voice' : 'audio', mediaType: sound };
  const film = films.get(found);
  if (film) return { kind: 'video', mediaType: film };
  if (isHarmless(claim) && !found.startsWith(`${claim.split('/', 1)[0]}/`)) {
    refuse('media.not_what_it_says', { mediaType: claim });
  }
  const mediaType = found || ((await isText(path)) ? 'text/plain' : 'application/octet-stream');
  return { kind: 'file', mediaType };
}

/** Whether its first bytes are text, for people who look at a list; it is served as bytes to be saved all the same. */
async function isText(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1_024), 0, 1_024, 0);
    const text = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
    return !/[\0\uFFFD]/.test(text);
  } finally {
    await file.close();
  }
}
