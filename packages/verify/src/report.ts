import type { Judged, Verdict } from './check/check.ts';
import type { Figures, Spread } from './check/figures.ts';
import type { Found, PromiseLine } from './check/finding.ts';
import type { EntryOf } from './history.ts';

const names: Record<PromiseLine, string> = {
  durable: 'Durable',
  once: 'Once',
  ordered: 'Ordered',
  complete: 'Complete',
  private: 'Private',
  explained: 'Explained',
  alive: 'Alive',
};

/** The verdict for people, in Markdown that reads well in a terminal: what is proved, by how much, and what was found. */
export function report(verdict: Verdict): string {
  const { figures, lines, proved } = verdict;
  const head = proved
    ? `Every line of the promise is proved${figures.without.size > 0 ? ` (without ${[...figures.without.keys()].join(', ')})` : ''}.`
    : `Not proved: ${lines
        .filter(line => line.verdict !== 'proved')
        .map(told)
        .join(', ')}.`;
  return [
    `## ${head}`,
    '',
    ...figuresIn(figures),
    '',
    '| promise | verdict | looked at |',
    '|---|---|---|',
    ...lines.map(line => `| ${names[line.promise]} | ${line.verdict} | ${line.looked.join(', ')} |`),
    ...lines.flatMap(line => line.found.flatMap(foundIn)),
    '',
    ...(figures.asked ? [`Again: \`${replay(figures.asked)}\``, ''] : []),
  ].join('\n');
}

/** Where the run itself is nothing to judge by, why. */
const told = ({ promise, verdict, found }: Judged): string =>
  `${names[promise]} ${verdict}${promise === 'alive' && found.length > 0 ? ` (${found.map(({ title }) => title).join(', ')})` : ''}`;

function figuresIn(f: Figures): string[] {
  return [
    `- Carpenter ${f.version}, seed ${f.seed}: ${f.minutes.toFixed(1)} minutes, ${f.clients} clients, ${f.nodes} ${f.nodes === 1 ? 'node' : 'nodes'}, ` +
      `${f.conversations} conversations, ${number(f.reconnects)} reconnects`,
    `- Faults: ${list(f.faults)}`,
    ...[...f.without].map(([name, why]) => `- Without ${name}: ${why}`),
    `- Messages: ${number(f.sent)} sent, ${number(f.acknowledged)} acknowledged, ${number(f.refused)} refused, ` +
      `${number(f.unknown)} unknown, ${number(f.retried)} tried more than once`,
    `- Acknowledged after: ${spread(f.answer)}`,
    `- Shown to others after: ${spread(f.there)}; to those who came back: ${spread(f.back)}`,
    `- Connections that ended: ${list(f.ends)}`,
    `- Refused, or to be tried again: ${list(f.refusals)}`,
    `- Entries: ${list(f.entries)}`,
  ];
}

const spread = ({ n, p50, p99, max }: Spread): string =>
  n === 0 ? 'none' : `p50 ${time(p50)}, p99 ${time(p99)}, at most ${time(max)} (${number(n)})`;
const list = (times: ReadonlyMap<string, number>): string =>
  [...times].map(([name, n]) => `${name} ${number(n)}`).join(', ') || 'none';
const time = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
const number = (n: number): string => n.toLocaleString('en');

function foundIn({ title, count, shown }: Found): string[] {
  return [
    '',
    `### ${title}${count > 1 ? ` (${number(count)} times)` : ''}`,
    ...shown.map(({ words, about, lines }) => {
      const what = Object.entries(about).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
      return `- ${words} ${what.join(', ')}${lines.length > 0 ? `; lines ${lines.join(', ')}` : ''}`;
    }),
    ...(count > shown.length ? [`- … and ${number(count - shown.length)} more`] : []),
  ];
}

/** Who can log in at an installation is for whoever runs it again to say. */
const replay = ({ seed, minutes, clients, faults, url }: EntryOf<'began'>): string =>
  `npm run verify -- --seed ${seed} --minutes ${minutes} --clients ${clients} --faults ${faults.join(',') || 'none'}` +
  (url === undefined ? '' : ` --url ${url} --accounts FILE`);
