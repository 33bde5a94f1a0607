import type { Preview } from '@carpenter/protocol';
import { Parser } from 'htmlparser2';

/** What the head of a page says of it; the address of its picture as an absolute one. */
export interface PageHead extends Pick<Preview, 'title' | 'description' | 'site'> {
  readonly image?: string;
}

/** So deep may a page be nested; a parser takes longer for each element the deeper it stands, and only the head matters. */
const maxDepth = 512;
/** Read at once: how deep it goes is looked at in between. */
const stretch = 4_096;

/**
 * Reads titles and descriptions out of HTML: what the page says for this purpose (Open Graph, then Twitter's), else what it says
 * to everybody. Text only, on one line, cut at a length; whatever is in the page, it is never shown as anything but text.
 * @param url  where the page was found: its links begin there
 * @param contentType  the header, which may name the encoding
 */
export function readPage(body: Buffer, url: string, contentType: string): PageHead {
  const said = new Map<string, string>();
  let title: string | undefined;
  let inTitle = false;
  let inSvg = 0;
  let depth = 0;
  let base = url;
  const say = (name: string, value: string | undefined) => {
    if (value && !said.has(name)) said.set(name, value);
  };
  const parser = new Parser({
    onopentag(name, given) {
      depth++;
      if (name === 'svg') inSvg++;
      else if (name === 'title' && inSvg === 0 && title === undefined) {
        inTitle = true;
        title = '';
      } else if (name === 'base' && given.href && URL.canParse(given.href, url)) base = new URL(given.href, url).href;
      else if (name === 'meta') say((given.property ?? given.name ?? '').toLowerCase(), given.content);
    },
    ontext(text) {
      if (inTitle && title !== undefined && title.length < 1_000) title += text;
    },
    onclosetag(name) {
      depth--;
      if (name === 'svg') inSvg--;
      if (name === 'title') inTitle = false;
    },
  });
  const text = textOf(body, contentType);
  for (let at = 0; at < text.length && depth <= maxDepth; at += stretch) parser.write(text.slice(at, at + stretch));
  parser.end();

  const first = (max: number, ...names: string[]) => names.map(name => line(said.get(name), max)).find(Boolean);
  const image =
    said.get('og:image:secure_url') ?? said.get('og:image') ?? said.get('og:image:url') ?? said.get('twitter:image');
  const shown = first(200, 'og:title', 'twitter:title') ?? line(title, 200);
  const description = first(400, 'og:description', 'twitter:description', 'description');
  const site = first(80, 'og:site_name', 'application-name');
  return {
    ...(shown && { title: shown }),
    ...(description && { description }),
    ...(site && { site }),
    ...(image && URL.canParse(image, base) && { image: new URL(image, base).href }),
  };
}

/** In the encoding that the page names: in its header, in itself, else UTF-8. An unknown name is no reason to show nothing. */
function textOf(body: Buffer, contentType: string): string {
  const named =
    /charset\s{0,8}=[\s"']{0,8}([\w.:-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]{0,200}?charset\s{0,8}=[\s"']{0,8}([\w.:-]+)/i.exec(body.toString('latin1', 0, 4_096))?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

// Controls and marks that turn the direction of what follows: a title must not make its neighbours look like something else.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function line(text: string | undefined, max: number): string | undefined {
  const clean = text?.toWellFormed().replace(unseen, ' ').replace(/\s+/g, ' ').trim();
  if (!clean) return undefined;
  const characters = [...clean];
  // UTF-16 units are what the limit counts; the dots say that something was left out
  let kept = characters.slice(0, max);
  while (kept.join('').length > max - (kept.length < characters.length ? 1 : 0)) kept = kept.slice(0, -1);
  return kept.length < characters.length ? `${kept.join('').trimEnd()}…` : clean;
}
