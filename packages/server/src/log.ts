import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';
import { errorInLog } from './error-in-log.ts';

/** Never in a log, at whatever depth people put it: what lets somebody in, and what people write to each other. */
const secret = [
  'token',
  'accessToken',
  'refreshToken',
  'password',
  'passwordHash',
  'secret',
  'authorization',
  'cookie',
  'text',
];
const redact = {
  paths: secret.flatMap(name => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
  censor: '(kept out of the log)',
};

/** What every line has, and none. */
export const logOptions = (level: Config['logLevel']) =>
  ({
    level,
    redact,
    serializers: { err: (error: unknown) => errorInLog(error) },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  }) as const;

/** A line a person can read on a terminal, one JSON object per line otherwise. Both on standard output. */
export function createLog(level: Config['logLevel'], onTerminal = process.stdout.isTTY === true): Logger {
  const options = logOptions(level);
  if (onTerminal) return pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss' }));
  return pino({ ...options, formatters: { level: label => ({ level: label }) } }, pino.destination({ sync: true }));
}
