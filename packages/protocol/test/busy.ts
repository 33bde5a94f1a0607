/** Milliseconds that this thread works until `work` is done. By the clock it would be others' work as well, on a busy machine. */
export async function busyMs(work: () => unknown): Promise<number> {
  const begin = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1_000;
}
