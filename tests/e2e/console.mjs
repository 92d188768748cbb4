// Starts the development console for the tests, on a port of the system's choice, and ends it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

// One client signs in hundreds of times here. The log would hide what the tests say.
const LIMITS = ['--sign-ins', '1000000', '--log', 'warnings'];

export default async function start() {
  const { DEV_CONSOLE, DIST, EXAMPLES } = process.env;
  if (!DEV_CONSOLE || !DIST) {
    throw new Error('Run these tests by `cargo xtask test`: it builds what they need.');
  }
  const console = spawn(DEV_CONSOLE, ['--port', '0', '--dist', DIST, ...LIMITS, ...(EXAMPLES ? ['--examples', EXAMPLES] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([
    once(createInterface(console.stdout), 'line'),
    once(console, 'exit').then(() => {
      throw new Error('The development console did not start.');
    }),
  ]);
  process.env.CONSOLE_URL = line.match(/http:\S+[^/\s]/)[0];
  return async () => {
    console.kill();
    await once(console, 'exit');
  };
}
