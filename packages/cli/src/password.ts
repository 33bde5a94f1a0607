import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from './usage-error.ts';

/** 20 letters and digits: 100 bits or more. */
export const makePassword = () => randomBytes(24).toString('base64').replace(/[+/=]/g, '').slice(0, 20);

/** From the terminal, twice and unseen; or all of standard input but its last line end. */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    const first = await ask(terminal, 'Password: ');
    if ((await ask(terminal, 'Once more: ')) === first) return first;
    throw new UsageError('These were two different passwords.');
  } finally {
    terminal.close();
  }
}

async function ask(terminal: ReturnType<typeof createInterface>, question: string): Promise<string> {
  process.stderr.write(question);
  const answer = await terminal.question('');
  process.stderr.write('\n');
  return answer;
}
