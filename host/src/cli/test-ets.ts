/** `npm run test:ets`: every src/test of every module, in Node, under the real hypium. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTestCommand } from '../test-runner/command.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
process.exitCode = await runTestCommand(process.argv.slice(2), root, (line) => console.log(line));
