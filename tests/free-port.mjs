import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that was free a moment ago: not every program chooses one, or says which one it was given. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
