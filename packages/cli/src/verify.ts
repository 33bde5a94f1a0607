import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { faultNames, judge, NoHistory, type RunOptions, run } from '@carpenter/verify';
import { readAccounts } from './accounts-file.ts';
import { readArgs } from './read-args.ts';
import { UsageError } from './usage-error.ts';

const options = {
  minutes: { type: 'string' },
  seed: { type: 'string' },
  clients: { type: 'string' },
  faults: { type: 'string' },
  history: { type: 'string' },
  url: { type: 'string' },
  accounts: { type: 'string' },
  check: { type: 'string' },
} as const;

const read = (args: string[]) => readArgs({ args, options }).values;
type Given = ReturnType<typeof read>;

/** @returns the exit code: 0 every line of the promise is proved, 1 one is refuted, 3 the run itself failed, or its judge
 *  @throws UsageError (exit code 2) */
export async function verify(args: string[]): Promise<number> {
  const given = read(args);
  try {
    return given.check === undefined ? await runAndJudge(await readOptions(given)) : check(given.check, given);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    console.error(error); // nothing is refuted by a fault of ours
    return 3;
  }
}

function check(file: string, given: Given): number {
  const more = Object.keys(given).filter(name => name !== 'check');
  if (more.length > 0) throw new UsageError(`--check judges a history that is there: --${more[0]} is for a run.`);
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  try {
    return judged(file);
  } catch (error) {
    throw error instanceof NoHistory ? new UsageError(error.message) : error;
  }
}

function judged(file: string): number {
  const { proved, words } = judge(file);
  console.log(words);
  return proved ? 0 : 1;
}

async function runAndJudge(options: Omit<RunOptions, 'signal' | 'say'>): Promise<number> {
  const stop = new AbortController();
  const end = (signal: string) => stop.abort(new Error(`${signal}: ended early`));
  const fail = (error: Error) => stop.abort(error); // the first counts: what was begun has to be put away
  process.once('SIGINT', end).once('SIGTERM', end).on('uncaughtException', fail);
  try {
    await run({ ...options, say: line => console.error(line), signal: stop.signal });
  } catch (error) {
    console.error(wordsOf(error));
    console.error(`The run failed, which says nothing about the promise. What was seen is in ${options.history}`);
    return 3;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end).off('uncaughtException', fail);
  }
  return judged(options.history);
}

function wordsOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TypeError) return error;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

async function readOptions(given: Given): Promise<Omit<RunOptions, 'signal' | 'say'>> {
  const { url, accounts, faults = 'all' } = given;
  const seed = number(given, 'seed', randomInt(1_000_000), [0, 2 ** 31 - 1]);
  if ((url === undefined) !== (accounts === undefined)) {
    throw new UsageError('--url and --accounts go together: an installation, and who can log in there.');
  }
  return {
    seed,
    minutes: number(given, 'minutes', 1, [0.1, 1_440], 'parts allowed'),
    clients: number(given, 'clients', 20, [2, 2_000]),
    faults: readFaults(faults),
    history: given.history ?? `verify-${seed}.jsonl`,
    ...(url !== undefined &&
      accounts !== undefined && { there: { url: readUrl(url), accounts: await readAccounts(accounts) } }),
  };
}

function readFaults(list: string): readonly string[] {
  if (list === 'all') return faultNames;
  if (list === 'none') return [];
  const names = list.split(',').map(name => name.trim());
  const unknown = names.find(name => !faultNames.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  throw new UsageError(`There is no fault "${unknown}". There are all, none, and: ${faultNames.join(', ')}.`);
}

/** Over its proxies a client calls the installation by another name than its certificate has. */
function readUrl(url: string): string {
  if (URL.canParse(url) && new URL(url).protocol === 'http:') return new URL(url).origin;
  throw new UsageError('--url must be like http://127.0.0.1:3000: without TLS, so from where the node itself listens.');
}

function number(
  given: Given,
  name: 'minutes' | 'seed' | 'clients',
  fallback: number,
  [min, max]: [number, number],
  parts?: 'parts allowed',
): number {
  const text = given[name];
  if (text === undefined) return fallback;
  const value = (parts ? /^\d{1,10}(\.\d{1,6})?$/ : /^\d{1,10}$/).test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a ${parts ? '' : 'whole '}number from ${min} to ${max}, not "${text}".`);
}
