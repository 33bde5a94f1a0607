import { CannotStart, ConfigError } from '@carpenter/server/operator';
import { showAudit } from './audit.ts';
import { withDatabase } from './database.ts';
import { readArgs } from './read-args.ts';
import { UsageError } from './usage-error.ts';
import { createUser } from './user-create.ts';
import { importUsers } from './user-import.ts';
import { suspendUser } from './user-suspend.ts';

const usage = `Usage: npm run carpenter -- COMMAND

  user create NAME [--name "Display Name"] [--generate]
      Makes an account. The password is asked for, or read from standard input when that is no terminal;
      --generate makes one up and prints it.
  user import FILE [--same-password]
      Makes an account of each line "username,password" (or with a tab between them); FILE is - for standard input.
      --same-password: accounts with the same password share one hash, which takes no time. Only for load tests:
      who sees the database then sees who shares a password.
  user suspend NAME
      They are out within a minute, of open connections within half of one; what they wrote stays. "user restore NAME" undoes it.
  audit [--user NAME] [--what KIND] [--conversation ID] [--since 7d] [--limit 1000] [--json]
      The audit log, oldest line first: what NAME did and what was done to them, what happened in a conversation,
      one kind of it ("session.refused", or "session" for all of a session). One JSON object a line with --json, or
      where the output is no terminal.
  migrate
      Brings the database up to date, as every start does.
  verify [--minutes 1] [--clients 20] [--seed N] [--faults all] [--history FILE]
      Breaks a world made for it, while clients write to each other in it, and proves the promise (docs/guarantees.md)
      from what they saw; the history stays in FILE. --faults none, or some of:
      kill-node,restart-node,kill-postgres,restart-postgres,cut-sockets,cut-database,freeze-node,slow-readers,
      clock-jump,disk-full,pool-starved,token-expiry,reconnect-storm
      A world of its own has one node in this version; disk-full takes Linux and root, and a run says where it is without.
      --url URL --accounts FILE: an installation that is there, by accounts of lines "username,password"; http only, so
      from where the node itself listens, behind whatever does the TLS. Only links break there, and logins: the accounts
      are logged out everywhere, so use none that anybody needs.
      --check FILE: judges a history again.
      Exit code: 0 proved, 1 refuted, 3 the run itself failed, or its judge.

All but verify work on the same database as the server: DATABASE_URL, or else the one in DATA_DIR, whether it runs or not.`;

const options = {
  name: { type: 'string' },
  generate: { type: 'boolean' },
  'same-password': { type: 'boolean' },
  user: { type: 'string' },
  what: { type: 'string' },
  conversation: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Which of them a command takes; those that are not here take none. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  'user create': ['name', 'generate'],
  'user import': ['same-password'],
  audit: ['user', 'what', 'conversation', 'since', 'limit', 'json'],
};

/** @returns the exit code: 0 done, 1 not done, or not all of it, 2 not understood */
async function run(args: string[]): Promise<number> {
  if (args[0] === 'verify' && !args.includes('--help') && !args.includes('-h')) {
    const { verify } = await import('./verify.ts'); // with clients, proxies and a judge, which nobody else needs
    return verify(args.slice(1));
  }
  const { values, positionals } = readArgs({ args, options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [command, argument, ...more] = [positionals.slice(0, 2).join(' '), ...positionals.slice(2)];
  if (more.length > 0) throw new UsageError(`There is one word too many: ${more.join(' ')}`);
  const foreign = Object.keys(values).find(name => !(optionsOf[command ?? ''] ?? []).includes(name));
  if (command && foreign !== undefined) throw new UsageError(`"${command}" takes no --${foreign}.`);
  if (command === 'user create' && argument) return createUser(argument, values);
  if (command === 'user import' && argument) return importUsers(argument, values['same-password'] ?? false);
  if (command === 'user suspend' && argument) return suspendUser(argument, true);
  if (command === 'user restore' && argument) return suspendUser(argument, false);
  if (command === 'audit') return showAudit(values);
  if (command === 'migrate') {
    return withDatabase(async ({ migrated }) => {
      console.log(migrated.length > 0 ? `Ran ${migrated.join(', ')}.` : 'The database is up to date.');
      return 0;
    });
  }
  throw new UsageError(
    command ? `There is no command "${command}", or something is missing after it.` : 'Which command?',
  );
}

function tell(error: unknown): number {
  if (error instanceof UsageError) console.error(`${usage}\n\n${error.message}`);
  else if (error instanceof ConfigError || error instanceof CannotStart) console.error(error.message);
  else console.error(error);
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
}

process.exitCode = await run(process.argv.slice(2)).catch(tell);
