// The server in a process of its own, for tests that kill it. Arguments: address of the database, port (0: any).
import { defaults } from '../../../server/src/config.ts';
import { createLog } from '../../../server/src/log.ts';
import { serve } from '../../../server/src/serve.ts';

const [databaseUrl = '', port = '0'] = process.argv.slice(2);
const jwtSecret = 'a secret of the tests that is long enough';
const log = createLog('silent');
const { url } = await serve({ ...defaults, host: '127.0.0.1', port: Number(port), databaseUrl, jwtSecret }, log);
console.log(url);
