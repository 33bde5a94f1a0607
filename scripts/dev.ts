// npm run dev: one address. Vite serves the page with hot reload and passes the rest on to the server, which is started
// again whenever one of its files changes.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { defaults, readConfig } from '../packages/server/src/config.ts';
import { root } from './run.ts';

const { host, port } = readConfig({ ...process.env, PORT: process.env.PORT || String(defaults.port) });
const address = `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
const serverPort = await freePort();

const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'scripts/dev-server.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HOST: '127.0.0.1', PORT: String(serverPort), PUBLIC_URL: address, DRAIN_SECONDS: '0' },
});
const vite = spawn(process.execPath, [viteProgram(), '--port', String(port), '--strictPort', '--host', host], {
  cwd: join(root, 'packages/web'),
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, CARPENTER_SERVER: `http://127.0.0.1:${serverPort}` },
});

for (const child of [server, vite]) child.once('exit', code => end(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(0));

/** One without the other is of no use: whoever ends first takes the other along, and gives the exit code. */
function end(code: number): void {
  process.exitCode ??= code;
  server.kill('SIGTERM');
  vite.kill('SIGTERM');
}

function viteProgram(): string {
  return join(root, 'node_modules/vite/bin/vite.js');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
