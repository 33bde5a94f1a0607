export interface Piece {
  readonly is: 'same' | 'came' | 'went';
  readonly text: string;
}

/** Texts that have almost nothing in common are compared no longer than this. */
const comparingMs = 200;

/** What went and what came from one text to the next, in words; the whole texts where they cannot be compared. */
export async function difference(before: string, after: string): Promise<readonly Piece[]> {
  if (before === after) return [{ is: 'same', text: after }];
  const diff = await import('diff').catch(() => undefined); // gone: this page is older than what the server has
  const found = diff?.diffWordsWithSpace(before, after, { timeout: comparingMs });
  if (!found)
    return [
      { is: 'went', text: before },
      { is: 'came', text: after },
    ];
  return found.map(({ added, removed, value }) => ({ is: added ? 'came' : removed ? 'went' : 'same', text: value }));
}
