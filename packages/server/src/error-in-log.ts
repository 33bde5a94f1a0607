/** What stands in the log of something that was thrown. */
export interface ErrorInLog {
  readonly type: string;
  readonly message: string;
  /** SQLSTATE, or the code of the system or the library. */
  readonly code?: string;
  /** What of the schema an error of PostgreSQL is about. */
  readonly table?: string;
  readonly constraint?: string;
  /** Only places in code: the words before them are above. */
  readonly stack?: string;
  readonly cause?: ErrorInLog;
  readonly errors?: readonly ErrorInLog[];
}

/** An error with what some hang on it. */
interface Thrown extends Error {
  readonly code?: unknown;
  readonly table?: unknown;
  readonly constraint?: unknown;
}

const causesMax = 5;
const keptOut = 'its words may quote what it was given: kept out of the log';

/**
 * What was thrown, without what people wrote and what opens doors. Libraries hang whole rows, addresses, requests and answers on their
 * errors, so nothing is taken over but what is named here; and the words of those that quote their input are left out.
 */
export function errorInLog(error: unknown, depth = 0): ErrorInLog {
  if (!(error instanceof Error)) return { type: typeof error, message: keptOut };
  const { code, table, constraint }: Thrown = error;
  const deeper = depth < causesMax;
  const stack = error.stack?.split('\n').filter(line => line.startsWith('    at '));
  return {
    type: error.name,
    message: quotes(error, code) ? keptOut : error.message,
    ...(typeof code === 'string' && { code }),
    ...(typeof table === 'string' && { table }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(stack && { stack: stack.join('\n') }),
    ...(deeper && error.cause !== undefined && { cause: errorInLog(error.cause, depth + 1) }),
    ...(deeper &&
      error instanceof AggregateError && { errors: error.errors.map(one => errorInLog(one, depth + 1)).slice(0, 10) }),
  };
}

/** Parsers show where they stopped, schemas what did not fit, Node an argument, PostgreSQL a value that is no date, mail servers whom. */
function quotes(error: Error, code: unknown): boolean {
  if (error.name === 'NotSent' || 'responseCode' in error) return true;
  if (error instanceof SyntaxError || error.name.endsWith('ZodError')) return true;
  if (typeof code !== 'string') return error instanceof TypeError && /URL/.test(error.message); // fetch of something that is none
  return code.startsWith('ERR_INVALID_') || ('severity' in error && code.startsWith('22'));
}

/** The same for a terminal. */
export function errorInWords(error: unknown): string {
  const told = errorInLog(error);
  const causes: string[] = [];
  for (let at: ErrorInLog | undefined = told; at; at = at.cause) causes.push(`${at.type}: ${at.message}`);
  return `${causes.join('\n  because of ')}\n${told.stack ?? ''}`;
}
