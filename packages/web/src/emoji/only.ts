/** In every emoji is one of these. The expression for whole ones is made of all 3,000: only a text that has one needs it. */
const sign = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]|\u20e3/u;
const emoji = /^(?:\p{RGI_Emoji}|\s)+$/v;
const each = /\p{RGI_Emoji}/gv;

/** How many emoji a text is made of, when it is nothing else; 0 when it is not, or when there are more than `most`. */
export function emojiOnly(text: string, most = 6): number {
  if (text.length > most * 40 || !sign.test(text) || !emoji.test(text)) return 0;
  const count = text.match(each)?.length ?? 0;
  return count <= most ? count : 0;
}
