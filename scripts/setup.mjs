// Runs before everything else: installs what is missing or stale, and only then. It must work on any Node from 18 on
// and before anything is installed, so it is plain JavaScript without dependencies.
// With --test it also makes sure of the programs that the tests use.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = 24; // runs TypeScript, has argon2
const testPrograms = [
  { names: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium', why: 'the tests in a browser' },
];
// Half the work of the whole browser, which stands in where this one is not to be had.
const lightBrowser = 'chromium-headless-shell';

// A library of Debian's Python, without a program of its own. Without it the tests that want it say that they did not run.
const s3Store = { debian: 'python3-swift', python: '/usr/bin/python3', module: 'swift.common.wsgi' };

const say = line => console.log(`setup: ${line}`);
const giveUp = lines => {
  for (const line of lines) console.error(`setup: ${line}`);
  process.exit(1);
};
const majorOf = version => Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);

if (majorOf(process.version) < 18)
  giveUp([`Node ${process.version} is too old to install anything. Take Node 20 or later.`]);
if (dependenciesAreStale()) installDependencies();
requireNode();
if (process.argv.includes('--test')) requireTestPrograms();

/** npm writes down what it installed, as the last thing it does: is that what package-lock.json asks for? */
function dependenciesAreStale() {
  const asked = packagesIn('package-lock.json');
  const there = packagesIn('node_modules/.package-lock.json');
  if (!there) return true;
  const fits = ({ os, cpu }) => (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
  const needed = one => !one.optional || (one.os && one.cpu && !one.libc && fits(one));
  return (
    Object.entries(asked).some(([path, one]) => {
      if (!path.includes('node_modules/')) return false;
      return there[path] ? there[path].version !== one.version : needed(one);
    }) || Object.values(there).some(one => !fits(one)) // copied over from another kind of machine
  );
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined; // absent, or cut off in the middle
  }
}

function installDependencies() {
  const begin = Date.now();
  say('Installing the dependencies: about 20 s with a good connection, only this once.');
  // Windows cannot delete the Node that is running, which "npm ci" would do.
  const command = process.platform === 'win32' ? 'install' : 'ci';
  const args = [command, '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) giveUp(['npm could not install the dependencies; the reason is above. Then try again.']);
  say(`Dependencies are in place after ${Math.round((Date.now() - begin) / 1000)} s.`);
}

/** npm puts node_modules/.bin first into the PATH of its scripts, so the Node that was installed there is the one. */
function requireNode() {
  if (majorOf(process.version) >= oldestNode) return;
  const own = join(root, 'node_modules/.bin/node');
  if (existsSync(own)) {
    const { status, stdout } = spawnSync(own, ['--version'], { encoding: 'utf8' });
    if (status === 0 && majorOf(stdout) >= oldestNode) return;
    rmSync(own); // made for another C library: it would stand in the way of the system's own Node
  }
  giveUp([
    `Carpenter needs Node ${oldestNode} or later; this is ${process.version}, and none can be brought along here.`,
  ]);
}

function requireTestPrograms() {
  const missing = testPrograms.filter(({ names }) => !names.some(inPath));
  const packages = [...missing.map(({ debian }) => debian), ...(hasS3Store() ? [] : [s3Store.debian])];
  const lacksLight = !inPath(lightBrowser);
  if (packages.length === 0 && !lacksLight) return;
  if (process.getuid?.() === 0 && inPath('apt-get')) {
    say(`Installing ${[...packages, ...(lacksLight ? [lightBrowser] : [])].join(', ')} for the tests, by apt-get.`);
    aptGet(['update', '-q=2']);
    // by itself: not every Debian has it, and one unknown name would keep away the others
    if (lacksLight) aptGet(['install', '-q=2', '--yes', '--no-install-recommends', lightBrowser]);
    if (packages.length > 0) aptGet(['install', '-q=2', '--yes', '--no-install-recommends', ...packages]);
  }
  if (!hasS3Store()) {
    say(
      `${s3Store.debian} is missing: the tests with an S3-compatible store will not run. On Debian: sudo apt-get install ${s3Store.debian}`,
    );
  }
  const still = missing.filter(({ names }) => !names.some(inPath));
  if (still.length === 0) return;
  giveUp(still.map(({ debian, why }) => `${debian} is missing, for ${why}. On Debian: sudo apt-get install ${debian}`));
}

function hasS3Store() {
  return spawnSync(s3Store.python, ['-c', `import ${s3Store.module}`], { stdio: 'ignore' }).status === 0;
}

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (status !== 0) say(`"apt-get ${args[0]}" failed; the reason is above.`);
}

function inPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
