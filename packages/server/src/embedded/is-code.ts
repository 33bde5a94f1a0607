/** An error of the system with this code, like ENOENT. */
export const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
