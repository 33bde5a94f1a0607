// The server without the page: in development Vite serves that one.
import { start } from '../packages/server/src/start.ts';

await start(process.env, async () => undefined);
