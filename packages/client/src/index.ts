export { createClient } from './client.ts';
export { ClientError } from './error.ts';
export type * from './types.ts';
