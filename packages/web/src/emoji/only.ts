const emoji = /^(?:\p{RGI_Emoji}|\s)+$/v;
const each = /\p{RGI_Emoji}/gv;

/** How many emoji a text is made of, when it is nothing else; 0 when it is not, or when there are more than `most`. */
export function emojiOnly(text: string, most = 6): number {
  if (text.length > most * 40 || !emoji.test(text)) return 0;
  const count = text.match(each)?.length ?? 0;
  return count <= most ? count : 0;
}
