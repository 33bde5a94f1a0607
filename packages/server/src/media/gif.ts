/** Extensions of applications that make it move; all others (XMP, ICC, colour notes) are what cameras and programs leave. */
const kept = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

/**
 * The same pictures without comments, notes of programs, and whatever follows the end. Not written anew, since that would cost
 * colours, or seconds for a film of a picture.
 * @returns undefined where it is no whole GIF
 */
export function bareGif(bytes: Buffer): Buffer | undefined {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return undefined;
  const out: Buffer[] = [];
  let at = 13 + tableBytes(bytes[10]);
  out.push(bytes.subarray(0, at));
  while (at < bytes.length) {
    const begin = at;
    const sign = bytes[at];
    if (sign === 0x3b) return Buffer.concat([...out, bytes.subarray(at, at + 1)]);
    let keep = true;
    if (sign === 0x2c) {
      at += 10 + tableBytes(bytes[at + 9]) + 1;
    } else if (sign === 0x21) {
      const label = bytes[at + 1];
      keep = label === 0xf9 || (label === 0xff && kept.has(bytes.toString('latin1', at + 3, at + 14)));
      at += 2;
    } else return undefined;
    for (let size = bytes[at++]; size !== 0; size = bytes[at++]) {
      if (size === undefined) return undefined; // cut off
      at += size;
    }
    if (keep) out.push(bytes.subarray(begin, at));
  }
  return undefined;
}

/** Of the colour table that these flags announce. */
const tableBytes = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
