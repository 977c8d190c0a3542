import { Passwords } from '../auth/passwords';
import { SystemClock } from '../ports/clock';
import { systemRandom } from '../ports/ids';
import { COMMANDS } from './commands';
import { run } from './run';
import { ProcessTerminal } from './terminal';

process.exitCode = await run(process.argv.slice(2), {
  terminal: new ProcessTerminal(),
  clock: new SystemClock(),
  random: systemRandom,
  passwords: new Passwords(),
  commands: COMMANDS,
});
