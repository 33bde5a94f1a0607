/** Does something for each, with at most `max` of them under way, in their order. */
export async function atOnce<T>(max: number, all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  const worker = async () => {
    for (const one of queue) await run(one);
  };
  await Promise.all(Array.from({ length: Math.min(max, all.length) }, worker));
}
