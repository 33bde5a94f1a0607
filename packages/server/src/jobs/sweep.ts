import type { Logger } from 'pino';
import { z } from 'zod';
import { sweepAudit } from '../store/audit.ts';
import type { Db } from '../store/database.ts';
import { sweepSessions } from '../store/sessions.ts';
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

/** Lets go of the lines of the audit log that are older than `days`, each night. */
export const forgetAuditTask = (db: Db, days: number, log: Logger) =>
  task({
    name: 'forget_audit',
    at: '23 3 * * *',
    payload: z.unknown(),
    async run() {
      for (let lines = 0; ; ) {
        const gone = await sweepAudit(db, days);
        lines += gone;
        if (gone > 0) continue;
        if (lines > 0) log.info({ lines, days }, 'old lines of the audit log were let go');
        return;
      }
    },
  });

/** Lets go of logins that open nothing any more, each night: a row each would stay for ever. */
export const forgetSessionsTask = (db: Db, log: Logger) =>
  task({
    name: 'forget_sessions',
    at: '31 3 * * *',
    payload: z.unknown(),
    async run() {
      for (let sessions = 0; ; ) {
        const gone = await sweepSessions(db);
        sessions += gone;
        if (gone > 0) continue;
        if (sessions > 0) log.info({ sessions }, 'logins of long ago were let go');
        return;
      }
    },
  });
