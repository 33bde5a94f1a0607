import { en, type Words } from './en.ts';

/** The catalogue in use. There is one language so far. */
export const words: Words = en;
