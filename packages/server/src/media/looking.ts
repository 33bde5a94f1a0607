import { type ChildProcess, fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { refusal, refuse } from '@carpenter/protocol';
import type { Logger } from 'pino';
import { type Answer, answer as answerOf, type Job, type Looked } from './job.ts';
import { createTurns } from './turns.ts';

/** Looks at files, one at a time, in a process of its own. */
export interface Looking {
  /**
   * @param who  whose file it is: next is whoever's files took least time lately
   * @throws {Refusal} media.not_what_it_says, media.broken, media.too_many_pixels, overloaded
   */
  look(job: Job, who: string): Promise<Looked>;
  close(): void;
}

const program = fileURLToPath(new URL('./look.ts', import.meta.url));
/** Files that wait for their turn. */
const most = { ofOne: 20, ofAll: 100 };
/** An unused process goes after so long: it holds some 60 MB. */
const idleMs = 60_000;
/** What one file may take. */
const limits = {
  /** A picture of 50 million pixels takes some two seconds. */
  deadlineMs: 20_000,
  /** Bytes of memory in use; the largest allowed picture takes less than half of it. */
  memoryMax: 1_000_000_000,
};

export function openLooking(log: Logger, each = limits): Looking {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  const inTurn = createTurns(most, () => refusal('overloaded', { retryAfterMs: 3_000 }));

  function start(): ChildProcess {
    const started = fork(program, {
      execArgv: ['--max-old-space-size=256'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { SystemRoot: process.env.SystemRoot }, // none of our secrets; Windows cannot do without this one
    });
    started.on('error', error => log.error({ err: error }, 'the process that looks at files'));
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    // Where memory runs out, the system takes this one first.
    if (started.pid !== undefined) writeFile(`/proc/${started.pid}/oom_score_adj`, '1000').catch(() => {}); // Linux only
    return started;
  }

  async function run(job: Job): Promise<Looked> {
    clearTimeout(idle);
    if (!child || child.killed) child = start(); // one that was killed is not gone at once
    const answer = await ask(child, job, log, each);
    idle = setTimeout(() => child?.kill(), idleMs).unref();
    if ('looked' in answer) return answer.looked;
    if ('refused' in answer) throw refusedBy(answer.refused);
    log.error({ words: answer.failed }, 'a file could not be looked at');
    refuse('media.broken', {});
  }

  return {
    look: (job, who) => inTurn(who, () => run(job)),
    close() {
      clearTimeout(idle);
      child?.kill();
    },
  };
}

/** One question, one answer; a process that takes too long, or too much, is ended, and the next one begins anew. */
function ask(worker: ChildProcess, job: Job, log: Logger, { deadlineMs, memoryMax }: typeof limits): Promise<Answer> {
  return new Promise(resolve => {
    const end = (answer: Answer) => {
      clearTimeout(late);
      clearInterval(watch);
      worker.off('message', hear).off('exit', gone);
      resolve(answer);
    };
    const giveUp = (words: string) => {
      worker.kill('SIGKILL');
      log.warn(`a file was given up: ${words}`);
      end(broken);
    };
    const hear = (said: unknown) => end(answerOf.safeParse(said).data ?? { failed: 'it said what it never says' });
    const gone = () => end(broken);
    const late = setTimeout(() => giveUp('it took too long'), deadlineMs);
    const watch = setInterval(async () => {
      if ((await memoryOf(worker)) > memoryMax) giveUp('it took too much memory');
    }, 200);
    worker.once('message', hear).once('exit', gone);
    worker.send(job, error => error && end(broken));
  });
}

const broken: Answer = { refused: { code: 'media.broken', details: {} } };

function refusedBy({ code, details }: { code: string; details: object }): Error {
  if (code === 'media.not_what_it_says' && 'mediaType' in details) {
    return refusal(code, { mediaType: String(details.mediaType) });
  }
  if (code === 'media.too_many_pixels' && 'megapixels' in details) {
    return refusal(code, { megapixels: Number(details.megapixels) });
  }
  return refusal('media.broken', {});
}

/** Resident bytes; 0 where the system does not tell in this way. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const pages = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(pages.split(' ')[1] ?? 0) * 4_096;
}
