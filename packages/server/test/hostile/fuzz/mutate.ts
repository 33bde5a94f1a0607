import { strange } from '../schemas.ts';
import type { Random } from './random.ts';

/** A few bytes turned, left out, put in, doubled or moved. */
export function spoilBytes(random: Random, given: Buffer): Buffer {
  let bytes = Buffer.from(given);
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    const some = 1 + random.below(Math.max(1, Math.min(bytes.length, 8)));
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (random.below(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes = Buffer.concat([before, after.subarray(some)]);
        break;
      case 2:
        bytes = Buffer.concat([before, Buffer.from(Array.from({ length: some }, () => random.below(256))), after]);
        break;
      case 3:
        bytes = Buffer.concat([before, after.subarray(0, some), after]);
        break;
      case 4:
        bytes = Buffer.concat([after, before]);
        break;
      default:
        if (at < bytes.length) bytes[at] = random.pick([0, 0x7f, 0x80, 0xff]);
    }
  }
  return bytes;
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  'null',
  'true',
  '-',
  'e9',
  '1e999',
  '0',
  '\0',
  '\ufeff',
  ' ',
  '//',
  '{"a":',
  '[[',
];

/** The text of JSON with a piece put in, left out or doubled. */
export function spoilText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const until = Math.min(text.length, at + random.below(12));
  switch (random.below(4)) {
    case 0:
      return (
        text.slice(0, at) + random.pick(tokens).repeat(1 + (random.once(20) ? random.below(3_000) : 0)) + text.slice(at)
      );
    case 1:
      return text.slice(0, at) + text.slice(until);
    case 2:
      return text.slice(0, until) + text.slice(at);
    default:
      return text.slice(0, at) + random.pick(tokens) + text.slice(until);
  }
}

/** The same shape with one place in it given something else, left out, or something more. */
export function spoilValue(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.once(12)) {
    return random.once(3) ? nearby(random, value) : random.pick(strange);
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || random.once(4)) return [...value, random.pick(strange)];
    const at = random.below(value.length);
    return value.map((one, i) => (i === at ? spoilValue(random, one) : one));
  }
  const fields = Object.entries(value);
  if (fields.length === 0 || random.once(10))
    return { ...value, [random.pick(['extra', '__proto__', '', 'ref'])]: random.pick(strange) };
  const [name, inner] = random.pick(fields);
  if (random.once(8)) return Object.fromEntries(fields.filter(([key]) => key !== name));
  return { ...value, [name]: spoilValue(random, inner) };
}

/** Wrong by a little. */
function nearby(random: Random, value: unknown): unknown {
  if (typeof value === 'number') return value + random.pick([-1, 1, 0.5, 2 ** 31, 2 ** 32, -(2 ** 31)]);
  if (typeof value === 'string') return spoilText(random, value);
  return JSON.stringify(value) ?? 'undefined';
}
