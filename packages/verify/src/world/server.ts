// A node: the server as delivered, without the page, whose build nobody here waits for.
import { start } from '@carpenter/server/operator';

await start(process.env, async () => undefined);
