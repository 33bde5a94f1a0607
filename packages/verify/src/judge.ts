import { check } from './check/check.ts';
import { readHistory } from './read.ts';
import { report } from './report.ts';

/** Proves or refutes each line of the promise by a history alone. @throws {NoHistory} */
export function judge(file: string): { readonly proved: boolean; readonly words: string } {
  const verdict = check(readHistory(file));
  return { proved: verdict.proved, words: report(verdict) };
}
