import { isStorableText } from '../../../common/core/src/main/ets/wire/Reader';
import { MAX_NOTICE_TEXT_LENGTH } from '../notices/notice';
import { sendNotice } from '../notices/send-notice';
import { IdMaker } from '../ports/ids';
import { readSettings } from '../settings';
import { type Call, type Command, CommandFailure, UsageError } from './command';
import { withStore } from './tool-store';
import { userNamed } from './user-commands';

function textOf({ operands: [text = ''] }: Call): string {
  const length = text.length;
  if (text.trim() === '' || length > MAX_NOTICE_TEXT_LENGTH || !isStorableText(text)) {
    const actual = text.trim() === '' ? 'nothing' : length > MAX_NOTICE_TEXT_LENGTH ? `${length}` : 'broken Unicode';
    throw new CommandFailure(`TEXT: expected 1 to ${MAX_NOTICE_TEXT_LENGTH} characters, got ${actual}`);
  }
  return text;
}

export const notice: Command = {
  words: ['notice'],
  operands: ['TEXT'],
  options: {
    user: { type: 'string', value: 'NAME', summary: 'to this user' },
    all: { type: 'boolean', summary: 'to everyone who is connected' },
  },
  summary: 'a notice to who listens to notices over Socket.IO now',
  notes:
    'Needs REDIS_URL. Exactly one of --user and --all. Nobody keeps a notice: who is not connected to the namespace /parley.notices.v1 misses it.',
  async run(call) {
    const name = call.values.get('user');
    if ((name !== undefined) === call.flags.has('all')) {
      throw new UsageError('notice: expected exactly one of --user NAME and --all');
    }
    const text = textOf(call);
    const settings = readSettings(call.terminal.env);
    if (settings.redisUrl === null) {
      throw new CommandFailure(
        'REDIS_URL: expected the Redis of the servers, by which they hear of a notice, got none',
      );
    }
    const userId =
      name === undefined
        ? null
        : (await withStore(settings, 'read', (store) => userNamed(store, name, '--user'))).userId;
    const id = new IdMaker(call.random).make('n');
    try {
      await sendNotice(settings.redisUrl, userId, { id, text, sentAtMs: call.clock.nowMs() });
    } catch (error) {
      throw new CommandFailure(`REDIS_URL: expected a Redis that takes a notice, got: ${(error as Error).message}`);
    }
    call.terminal.print(`${id}\n`);
    return 0;
  },
};
