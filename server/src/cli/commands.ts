import { backup } from './backup-command';
import { type Command, CommandFailure } from './command';
import { doctor } from './doctor-command';
import { notice } from './notice-command';
import { ROOM_COMMANDS } from './room-commands';
import { sentenceOf, serve } from './serve';
import { TRANSFER_COMMANDS } from './transfer-commands';
import { USER_COMMANDS } from './user-commands';

const serveCommand: Command = {
  words: ['serve'],
  operands: [],
  options: {},
  summary: 'runs the server until a signal ends it; what happens without a command',
  notes: 'SIGTERM and SIGINT end it cleanly within DRAIN_LIMIT_MS; a second one ends it at once.',
  async run(call) {
    try {
      await serve(call.terminal.env);
    } catch (error) {
      throw new CommandFailure(sentenceOf(error));
    }
    // It runs on: the process ends with a signal.
    return new Promise(() => undefined);
  },
};

export const COMMANDS: readonly Command[] = [
  serveCommand,
  ...USER_COMMANDS,
  ...ROOM_COMMANDS,
  notice,
  ...TRANSFER_COMMANDS,
  backup,
  doctor,
];
