import type { Preview } from '@carpenter/protocol';
import type { Media } from '../media/media.ts';
import { askOutside } from '../outside/ask-outside.ts';
import { NotReached, type Policy } from '../outside/judge.ts';
import { keepPicture } from './picture.ts';
import { readPage } from './read-page.ts';

const pageMaxBytes = 1_000_000;
const pictureMaxBytes = 5_000_000;
const deadlineMs = 5_000;
const redirects = 4;
const agent = 'Mozilla/5.0 (compatible; Carpenter; link preview)';

const typeOf = (header: string | undefined): string => (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
const isPage = (type: string): boolean => type === 'text/html' || type === 'application/xhtml+xml';
const isPicture = (type: string): boolean => /^image\/(jpeg|png|gif|webp|avif)$/.test(type);

/**
 * Asks a page what it says of itself, and fetches its picture, so that no reader's browser has to go there.
 * @returns null: it says nothing, is no page, or cannot be reached
 */
export async function lookAtPage(url: string, policy: Policy, media: Media): Promise<Preview | null> {
  try {
    const page = await askOutside(
      url,
      {
        method: 'GET',
        headers: { accept: 'text/html,application/xhtml+xml;q=0.9,image/*;q=0.5', 'user-agent': agent },
        deadlineMs,
        redirects,
        maxBytes: pageMaxBytes,
        wanted: ({ status, headers }) => status === 200 && isPage(typeOf(headers['content-type'])),
      },
      policy,
    );
    const type = typeOf(page.headers['content-type']);
    if (page.status !== 200) return null;
    if (isPicture(type)) {
      const picture = await fetchPicture(page.url, policy, media);
      return picture ? { url, ...picture } : null;
    }
    if (!isPage(type)) return null;
    const { image, ...said } = readPage(page.body, page.url, page.headers['content-type'] ?? '');
    if (!said.title && !said.description) return null;
    return { url, ...said, ...(image && (await fetchPicture(image, policy, media))) };
  } catch (error) {
    if (error instanceof NotReached) return null;
    throw error;
  }
}

async function fetchPicture(url: string, policy: Policy, media: Media) {
  try {
    const { status, headers, body, cut } = await askOutside(
      url,
      {
        method: 'GET',
        headers: { accept: 'image/webp,image/png,image/jpeg,image/*;q=0.8', 'user-agent': agent },
        deadlineMs,
        redirects,
        maxBytes: pictureMaxBytes,
        wanted: answer => answer.status === 200 && isPicture(typeOf(answer.headers['content-type'])),
      },
      policy,
    );
    return status === 200 && !cut ? await keepPicture(media, body, typeOf(headers['content-type'])) : undefined;
  } catch (error) {
    if (error instanceof NotReached) return undefined;
    throw error;
  }
}
