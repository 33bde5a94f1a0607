/** A list that the server gives in pages, to its end. @param read  one page; `cursor`: the former page's `next` */
export async function* pages<P extends { readonly next?: string | undefined }>(
  read: (cursor: string | undefined) => Promise<P>,
): AsyncGenerator<P, void> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield page;
    cursor = page.next;
  } while (cursor !== undefined);
}
