export type Part = { readonly text: string; readonly href?: string };

const candidate = /\bhttps?:\/\/[^\s<>"`]+/giu;
/** A full stop or bracket after an address mostly belongs to the sentence around it. */
function withoutTail(address: string): string {
  let end = address.replace(/[.,;:!?'’”»*_~]+$/u, '');
  for (const [open, close] of ['()', '[]', '{}'])
    while (end.endsWith(close ?? '') && end.split(close ?? '').length > end.split(open ?? '').length)
      end = end.slice(0, -1).replace(/[.,;:!?]+$/u, '');
  return end;
}

/** Text with the web addresses in it marked. Only http and https, and only what `URL` takes for one. */
export function linksIn(text: string): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(candidate)) {
    const address = withoutTail(match[0]);
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') continue;
    if (match.index > done) parts.push({ text: text.slice(done, match.index) });
    parts.push({ text: address, href: url.href });
    done = match.index + address.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

const emojiOnly =
  /^(?:\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F|\u200D\p{Extended_Pictographic})*|\p{RI}\p{RI}|\s){1,3}$/u;
/** One to three emoji and nothing else: shown larger. */
export const isEmojiOnly = (text: string): boolean => text.length < 40 && /\S/u.test(text) && emojiOnly.test(text);
