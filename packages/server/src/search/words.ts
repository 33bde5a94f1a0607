import { normalForm } from '@carpenter/protocol';

/**
 * What a text is found by. The same for what is indexed, what is asked for and what is highlighted, so that they cannot differ.
 * `word`: folded (case, accents and width do not count). `joins`: one sign of a script without spaces, directly before the next
 * one; such signs are looked for in pairs.
 */
export interface Word {
  readonly word: string;
  /** Where it stands, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly joins: boolean;
  /** A sign of a script that does not put spaces between words. */
  readonly sign: boolean;
}

/** Longer ones are cut, chains of emoji too: nobody types them, and PostgreSQL refuses a word of more than 2,046 bytes. */
const wordMaxChars = 64;
const cut = (word: string): string => (word.length <= wordMaxChars ? word : [...word].slice(0, wordMaxChars).join(''));

// Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese, Tibetan. Korean has spaces, but its words grow at their ends.
const scripts = [
  'scx=Han',
  'scx=Hiragana',
  'scx=Katakana',
  'sc=Hangul',
  'sc=Thai',
  'sc=Lao',
  'sc=Khmer',
  'sc=Myanmar',
  'sc=Tibetan',
];
const spaceless = `[${scripts.map(script => `\\p{${script}}`).join('')}]`;
/** One sign with the marks above, below and behind it; letters of decomposed Korean stay together. */
const oneSign = String.raw`(?:[\u1100-\u115F][\u1160-\u11A7]?[\u11A8-\u11FF]?|(?=[\p{L}\p{N}])${spaceless})[\p{M}\uFF9E\uFF9F]*`;
const oneWord = String.raw`(?:[A-Za-z0-9]|(?!${spaceless})[\p{L}\p{N}\p{M}])+`;
/** What is built like one: to look each up among all that Unicode recommends takes ten times as long. */
const oneEmoji = String.raw`\p{RI}{2}|\p{ExtPict}(?:\p{EMod}|\uFE0F)?(?:\u200D\p{ExtPict}(?:\p{EMod}|\uFE0F)?)*[\u{E0020}-\u{E007F}]*`;
const pieces = new RegExp(`${oneWord}|(${oneSign})|(${oneEmoji})`, 'gv');
const asciiWords = /[A-Za-z0-9]+/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const ascii = /^[\x00-\x7F]*$/;

/** The words of a text in their order. */
export function wordsOf(text: string): Word[] {
  const words: { -readonly [key in keyof Word]: Word[key] }[] = [];
  const pattern = ascii.test(text) ? asciiWords : pieces;
  for (let at = 0; at < text.length; ) {
    if (isPlainSign(text.charCodeAt(at)) && endsSign(text.charCodeAt(at + 1))) {
      add(text.charAt(at), at, at + 1, true);
      at++;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) break;
    const [piece, sign, emoji] = match;
    at = match.index + piece.length;
    add(emoji === undefined ? fold(piece) : plainEmoji(piece), match.index, at, sign !== undefined);
  }
  return words;

  function add(word: string, from: number, to: number, sign: boolean): void {
    if (word === '') return;
    const before = words.at(-1);
    if (sign && before?.sign && before.to === from) before.joins = true;
    words.push({ word, from, to, joins: false, sign });
  }
}

// Most signs there are, without a look at the pattern: a message of 8,000 took many times as long with it. They are their own folded form.
const isPlainSign = (unit: number): boolean =>
  (unit >= 0x4e00 && unit <= 0x9fff) || // Han
  (unit >= 0xac00 && unit <= 0xd7a3) || // Hangul
  (unit >= 0x3041 && unit <= 0x3096) || // Hiragana
  (unit >= 0x30a1 && unit <= 0x30fa); // Katakana
/** Whether what follows a sign is surely no mark of it. */
const endsSign = (next: number): boolean => Number.isNaN(next) || next < 0x300 || isPlainSign(next);

// Accents, the points that Hebrew and Arabic may leave out, what makes an emoji. Not the vowel signs of other scripts: they make the word.
const accents = /[\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670]|[\u20E3\uFE0E\uFE0F]|\u0640/g;
const alike: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};

/** One form for what people take for the same: `Größe` and `GROSSE`, `é` composed or not, `ＡＢＣ` and `abc`. */
export function fold(text: string): string {
  const folded = ascii.test(text)
    ? text.toLowerCase()
    : normalForm(text, 'NFKD') // first: there are capitals that only have small ones when they are plain
        .toLowerCase()
        .replace(accents, '')
        .normalize('NFC')
        .replace(/[ßæœøłđðþıς]/g, letter => alike[letter] ?? letter);
  return cut(folded);
}

/** Without skin tone and the mark that asks for colour. */
const plainEmoji = (emoji: string): string => cut(emoji.replace(/[\u{1F3FB}-\u{1F3FF}\uFE0F]/gu, ''));
