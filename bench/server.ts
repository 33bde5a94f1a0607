// The server as delivered, without the page: a benchmark does not wait for its build.
import { start } from '../packages/server/src/start.ts';

await start(process.env, async () => undefined);
