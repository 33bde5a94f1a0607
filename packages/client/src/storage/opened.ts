/** IndexedDB may hang while another page holds it. */
const openWithinMs = 5_000;

/** What opens, or else something other: a browser may refuse, also by throwing at once, or say nothing at all. */
export async function opened<T>(open: () => Promise<T>, otherwise: T): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(late.resolve, openWithinMs, otherwise);
  try {
    return await Promise.race([open(), late.promise]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
