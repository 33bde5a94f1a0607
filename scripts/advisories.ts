import { run } from './run.ts';

/** What the registry holds against the packages that a running server is made of. */
export type Advisories =
  | { readonly is: 'none' }
  | { readonly is: 'found'; readonly words: string }
  /** It did not answer, or answers no such question: nothing is known, which is no reason to stop. */
  | { readonly is: 'not asked'; readonly because: string };

interface Report {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly via: readonly Via[] }>>;
}
type Via = string | { readonly title: string; readonly url: string; readonly severity: string };

/** A dependency of a dependency is named by its own advisory; a version of high severity is not to be shipped. */
const args = ['audit', '--omit=dev', '--json', '--loglevel=silent', '--fetch-retries=0', '--fetch-timeout=15000'];
const grave = new Set(['high', 'critical']);

export async function askAdvisories(): Promise<Advisories> {
  const report = await run('npm', args).then(
    ({ words }) => read(words),
    (error: Error): Report => ({ message: error.message }),
  );
  const { vulnerabilities, message = 'its answer is none' } = report;
  if (!vulnerabilities) return { is: 'not asked', because: message.split('\n', 1)[0] ?? message };
  const lines = Object.entries(vulnerabilities).flatMap(([name, { via }]) =>
    via.flatMap(one => (typeof one === 'object' && grave.has(one.severity) ? `${name}: ${one.title} ${one.url}` : [])),
  );
  return lines.length > 0 ? { is: 'found', words: lines.join('\n') } : { is: 'none' };
}

function read(words: string): Report {
  try {
    return JSON.parse(words);
  } catch {
    return {};
  }
}
