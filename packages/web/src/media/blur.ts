import { thumbHashToDataURL } from 'thumbhash';

const made = new Map<string, string>();
const madeMax = 500;

/** A tiny picture out of its ThumbHash, as the background of the place where the real one will be. */
export function blurOf(hash: string | undefined): string | undefined {
  if (!hash) return undefined;
  const known = made.get(hash);
  if (known) return known;
  try {
    const url = `url(${thumbHashToDataURL(Uint8Array.from(atob(hash), c => c.charCodeAt(0)))})`;
    for (const oldest of made.keys()) if (made.size >= madeMax) made.delete(oldest);
    made.set(hash, url);
    return url;
  } catch {
    return undefined; // not one; the ground is plain then
  }
}
