// Runs the embedded PostgreSQL in a process of its own, for tests that kill it.
import { startEmbedded } from '../src/embedded/start.ts';
import { createLog } from '../src/log.ts';

const [dataDir = ''] = process.argv.slice(2);
const embedded = await startEmbedded(dataDir, createLog('error'));
console.log(embedded.url);
setInterval(() => {}, 60_000);
