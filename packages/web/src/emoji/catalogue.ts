/** What is taken of an entry of `emojibase-data/en/compact.json`. */
interface Entry {
  readonly hexcode: string;
  readonly unicode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly skins?: readonly { readonly hexcode: string; readonly unicode: string }[];
}
type Codes = Readonly<Record<string, string | readonly string[]>>;

export interface Emoji {
  /** As Unicode recommends it for interchange; without a skin tone. */
  readonly sign: string;
  readonly name: string;
  /** `thumbsup` of `:thumbsup:`, the usual one first. */
  readonly codes: readonly string[];
  /** Everything it is found by, in small letters. */
  readonly words: readonly string[];
  readonly group: number;
  /** The same in the five tones of skin, light to dark; none where it has none. */
  readonly tones: readonly string[];
}

export interface Catalogue {
  /** In the usual order. */
  readonly all: readonly Emoji[];
  readonly byCode: ReadonlyMap<string, Emoji>;
  readonly bySign: ReadonlyMap<string, Emoji>;
}

const rgi = /^\p{RGI_Emoji}$/v;
/** Group of the skin tones themselves. */
const components = 2;

/** Some data have a variation selector where Unicode wants none. */
function interchange(sign: string): string {
  const bare = sign.replaceAll('\uFE0F', '');
  return rgi.test(bare) ? bare : sign;
}
const oneTone = (hexcode: string) => new Set(hexcode.match(/1F3F[B-F]/g)).size === 1;

/** @param shortcodes by hexcode, as `emojibase-data/en/shortcodes/*.json` has them */
export function catalogueOf(list: readonly Entry[], shortcodes: Codes): Catalogue {
  const all: Emoji[] = [];
  for (const { hexcode, unicode, label, tags = [], group, skins = [] } of list) {
    const sign = interchange(unicode);
    if (group === undefined || group === components || !rgi.test(sign)) continue;
    const found = shortcodes[hexcode] ?? label.toLowerCase().replace(/[^a-z0-9]+/g, '_');
    const codes = typeof found === 'string' ? [found] : found;
    const words = [...codes, ...label.toLowerCase().split(/[\s:,]+/), ...tags.map(tag => tag.toLowerCase())];
    const tones = skins.filter(skin => oneTone(skin.hexcode)).map(skin => interchange(skin.unicode));
    all.push({ sign, name: label, codes, words: [...new Set(words)], group, tones: tones.length === 5 ? tones : [] });
  }
  const byCode = new Map(all.flatMap(emoji => emoji.codes.map(code => [code, emoji] as const)));
  const bySign = new Map(all.flatMap(emoji => [emoji.sign, ...emoji.tones].map(sign => [sign, emoji] as const)));
  return { all, byCode, bySign };
}

/** How well an emoji answers to what was typed; 0: not at all. */
function rank(emoji: Emoji, query: string): number {
  if (emoji.codes.includes(query)) return 5;
  if (emoji.codes.some(code => code.startsWith(query))) return 4;
  if (emoji.words.some(word => word.startsWith(query))) return 3;
  if (emoji.codes.some(code => code.includes(`_${query}`))) return 2;
  return query.length > 2 && emoji.words.some(word => word.includes(query)) ? 1 : 0;
}

/** The best first; those of equal rank in the usual order. */
export function findEmoji(catalogue: Catalogue, query: string, most: number): readonly Emoji[] {
  const asked = query.trim().toLowerCase().replace(/^:|:$/g, '');
  if (asked === '') return [];
  const parts = asked.split(/\s+/);
  return catalogue.all
    .map(emoji => ({ emoji, rank: Math.min(...parts.map(part => rank(emoji, part))) }))
    .filter(each => each.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(each => each.emoji);
}

/** @param tone 0: none, 1–5: light to dark */
export const toned = (emoji: Emoji, tone: number): string => emoji.tones[tone - 1] ?? emoji.sign;
