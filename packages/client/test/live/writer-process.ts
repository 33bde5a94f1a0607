// A program that writes through the SDK, in a process of its own, for tests that kill it.
// Arguments: address, file of the storage, conversation, how many messages (0: only what the last one left).
import { createClient } from '../../src/index.ts';
import { fileStorage } from '../../src/node.ts';

const [url = '', path = '', conversation = '', count = '0'] = process.argv.slice(2);
const client = createClient({ url, storage: await fileStorage(path) });
const start = () => {
  if (client.session.get().phase !== 'signedIn') return;
  stop();
  for (let n = 1; n <= Number(count); n++) client.conversation(conversation).send(String(n));
  const done = async () => {
    if (client.connection.get().phase !== 'online' || client.outbox.get().length > 0) return;
    await client.close();
    console.log('done');
  };
  client.outbox.subscribe(done);
  client.connection.subscribe(done);
};
const stop = client.session.subscribe(start);
start();
