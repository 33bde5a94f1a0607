import type { Logger } from 'pino';

/** What nobody caught, rejections included, leaves the process in a state that nobody knows: it is logged, and ends it with 1.
 *  Whatever was acknowledged is committed; a supervisor starts us again. */
export function endOnFault(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'a fault that nobody caught ends the process');
    process.exit(1);
  });
}
