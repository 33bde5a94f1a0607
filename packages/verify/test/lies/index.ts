import { alive } from './alive.ts';
import { complete } from './complete.ts';
import { durable } from './durable.ts';
import { explained } from './explained.ts';
import { once } from './once.ts';
import { ordered } from './ordered.ts';
import { privately } from './private.ts';

/** One lie for each way in which a promise can be broken, planted into an honest history at a place left to chance. */
export const lies = [...durable, ...once, ...ordered, ...complete, ...privately, ...explained, ...alive];
