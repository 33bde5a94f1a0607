/** How English counts and lists. */
const numbers = new Intl.NumberFormat('en');
const plurals = new Intl.PluralRules('en');
const lists = new Intl.ListFormat('en', { type: 'conjunction' });
/** A number as people write it. */
export const n = (count: number) => numbers.format(count);
export const plural = (count: number, one: string, other: string) =>
  `${n(count)} ${plurals.select(count) === 'one' ? one : other}`;

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;
/** Keeps a name that is written from right to left from turning the sentence around it. */
export const name = (text: string) => (rightToLeft.test(text) ? `\u2068${text}\u2069` : text);
export const listOf = (of: readonly string[]) => lists.format(of);
export const names = (of: readonly string[]) => listOf(of.map(name));
