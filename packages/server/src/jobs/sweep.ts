import type { Logger } from 'pino';
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import { sweepDeleted, sweepJob } from '../store/sweep.ts';
import { task } from './jobs.ts';

/** Removes what deleted conversations held: asked for when one is deleted, and looked after each night. */
export const sweepTask = (db: Db, log: Logger) =>
  task({
    name: sweepJob,
    at: '41 3 * * *',
    payload: z.unknown(),
    async run() {
      const conversations = await sweepDeleted(db);
      if (conversations > 0) log.info({ conversations }, 'what deleted conversations held was swept');
    },
  });
