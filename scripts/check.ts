// Everything that can be said about the source without running it.
import { askAdvisories } from './advisories.ts';
import { run } from './run.ts';

const checks = [
  { name: 'types', tool: 'tsc', args: ['-b'] },
  { name: 'format, lint, import rules', tool: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'unused code and dependencies', tool: 'knip', args: ['--no-progress', '--no-config-hints'] },
];

const [advisories, ...outcomes] = await Promise.all([
  askAdvisories(),
  ...checks.map(async check => ({ ...check, ...(await run(check.tool, check.args)) })),
]);
for (const { name, tool, code, words } of outcomes) {
  console.log(code === 0 ? `✔ ${name}` : `✖ ${name} (${tool})\n\n${words}\n`);
}
if (advisories.is === 'none') console.log('✔ known advisories');
else if (advisories.is === 'found') console.log(`✖ known advisories (npm audit)\n\n${advisories.words}\n`);
else console.log(`– known advisories: not asked, as the registry did not answer (${advisories.because})`);
process.exitCode = advisories.is === 'found' || outcomes.some(({ code }) => code !== 0) ? 1 : 0;
