// Everything that can be said about the source without running it.
import { run } from './run.ts';

const checks = [
  { name: 'types', tool: 'tsc', args: ['-b'] },
  { name: 'format, lint, import rules', tool: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'unused code and dependencies', tool: 'knip', args: ['--no-progress', '--no-config-hints'] },
];

const outcomes = await Promise.all(checks.map(async check => ({ ...check, ...(await run(check.tool, check.args)) })));
for (const { name, tool, code, words } of outcomes) {
  console.log(code === 0 ? `✔ ${name}` : `✖ ${name} (${tool})\n\n${words}\n`);
}
process.exitCode = outcomes.some(({ code }) => code !== 0) ? 1 : 0;
