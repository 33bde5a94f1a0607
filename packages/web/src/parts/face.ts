const woods = ['oak', 'clay', 'cherry', 'plum', 'slate', 'spruce', 'moss', 'pine'] as const;
export type Wood = (typeof woods)[number];

/** The same for everybody who sees this id, on every device. */
export function woodOf(id: string): Wood {
  let hash = 2_166_136_261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619);
  return woods[(hash >>> 0) % woods.length] ?? 'oak';
}

const signs = new Intl.Segmenter('en', { granularity: 'grapheme' });
const firstSign = (word: string) => {
  const all = [...signs.segment(word)].map(sign => sign.segment);
  return all.find(sign => /[\p{L}\p{N}]/u.test(sign)) ?? all[0] ?? '';
};

/** One or two signs: of the first and the last word, or of the only one. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter(word => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return firstSign(name.trim());
  return (words.length === 1 ? firstSign(first) : firstSign(first) + firstSign(last)).toLocaleUpperCase();
}
