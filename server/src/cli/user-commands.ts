import { decodeCredentials } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { type Audit, BY_COMMAND } from '../audit/audit';
import { nameKey } from '../auth/names';
import { IdMaker } from '../ports/ids';
import { readSettings } from '../settings';
import type { Store, UserListing, UserRecord } from '../store/store';
import { audited } from './audited';
import { type Call, type Command, CommandFailure, JSON_OPTION } from './command';
import { table } from './help';
import { withStore } from './tool-store';

const PAGE = 200;
const SESSIONS_END = 'Tokens end at once, connections that are open to running servers within a second.';

function timeOf(atMs: number): string {
  return atMs === 0 ? 'never' : new Date(atMs).toISOString();
}

function operandOf(call: Call): string {
  return call.operands[0] ?? '';
}

export async function userNamed(store: Store, name: string, what = 'NAME'): Promise<UserRecord> {
  const user = await store.findUserByNameKey(nameKey(name));
  if (user === null) {
    throw new CommandFailure(`${what}: expected the name of a user, got "${name}"`);
  }
  return user;
}

/** Changes something about the user whom the operand names. */
function withUser(call: Call, work: (store: Store, userId: string, audit: Audit) => Promise<void>): Promise<void> {
  const settings = readSettings(call.terminal.env);
  return audited(call, settings, (audit) =>
    withStore(settings, 'write', async (store) => {
      const { userId } = await userNamed(store, operandOf(call));
      await work(store, userId, audit);
    }),
  );
}

function tellEnded(call: Call, audit: Audit, userId: string, sessionIds: readonly string[]): void {
  sessionIds.forEach((sessionId) =>
    audit.record({ event: 'session-ended', outcome: 'done', userId, sessionId, detail: BY_COMMAND }),
  );
  call.terminal.note(`Ended ${sessionIds.length} sessions.\n`);
}

/** Asked for twice where a person types it. The same limits as at sign-up, by the same gate. */
async function newPassword(call: Call, userName: string): Promise<string> {
  const { terminal } = call;
  const password = await terminal.readSecret('Password: ');
  try {
    decodeCredentials(JSON.stringify({ userName, password }));
  } catch (error) {
    if (error instanceof ProtocolError) {
      const what = error.field === 'userName' ? 'NAME' : 'password';
      throw new CommandFailure(`${what}: expected ${error.expected}, got ${error.actual}`);
    }
    throw error;
  }
  return password;
}

async function* allUsers(store: Store): AsyncGenerator<UserListing> {
  for (let after = ''; ;) {
    const page = await store.listUsers(after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) {
      return;
    }
    after = nameKey(last.userName);
  }
}

const list: Command = {
  words: ['user', 'list'],
  operands: [],
  options: JSON_OPTION,
  summary: 'all users, by name',
  async run(call) {
    await withStore(readSettings(call.terminal.env), 'read', async (store) => {
      const rows: string[][] = [['NAME', 'ID', 'CREATED', 'LAST SEEN', 'STATE']];
      for await (const user of allUsers(store)) {
        if (call.flags.has('json')) {
          call.terminal.print(`${JSON.stringify(user)}\n`);
        } else {
          const state = user.isDisabled ? 'disabled' : '';
          rows.push([user.userName, user.userId, timeOf(user.createdAtMs), timeOf(user.lastSeenMs), state]);
        }
      }
      if (!call.flags.has('json')) {
        call.terminal.print(table(rows));
      }
    });
    return 0;
  },
};

const add: Command = {
  words: ['user', 'add'],
  operands: ['NAME'],
  options: {},
  summary: 'a new user',
  notes:
    'The password is asked for, or the first line of standard input; never an argument, which everyone on the machine can read.',
  async run(call) {
    const userName = operandOf(call);
    const settings = readSettings(call.terminal.env);
    const password = await newPassword(call, userName);
    const passwordHash = await call.passwords.hash(password);
    const userId = new IdMaker(call.random).make('u');
    const user = { userId, userName, nameKey: nameKey(userName), passwordHash, createdAtMs: call.clock.nowMs() };
    await audited(call, settings, async (audit) => {
      if (!(await withStore(settings, 'write', (store) => store.createUser(user)))) {
        throw new CommandFailure(`NAME: expected a free name, got one that is taken`);
      }
      audit.record({ event: 'sign-up', outcome: 'done', userId, detail: BY_COMMAND });
    });
    call.terminal.print(`${userId}\n`);
    return 0;
  },
};

const setPassword: Command = {
  words: ['user', 'set-password'],
  operands: ['NAME'],
  options: {},
  summary: 'another password for a user, and the end of all sessions',
  notes: `Read as by "user add". ${SESSIONS_END}`,
  async run(call) {
    const settings = readSettings(call.terminal.env);
    const userName = operandOf(call);
    // Nobody types a password in vain; and no store is held open while somebody types.
    const { userId } = await withStore(settings, 'read', (store) => userNamed(store, userName));
    const passwordHash = await call.passwords.hash(await newPassword(call, userName));
    await audited(call, settings, async (audit) => {
      const ended = await withStore(settings, 'write', async (store) => {
        await store.setPasswordHash(userId, passwordHash);
        return store.deleteSessionsExcept(userId, '');
      });
      audit.record({ event: 'password-change', outcome: 'done', userId, detail: BY_COMMAND });
      tellEnded(call, audit, userId, ended);
    });
    return 0;
  },
};

const signOut: Command = {
  words: ['user', 'sign-out'],
  operands: ['NAME'],
  options: {},
  summary: 'the end of all sessions of a user',
  notes: SESSIONS_END,
  async run(call) {
    await withUser(call, async (store, userId, audit) => {
      tellEnded(call, audit, userId, await store.deleteSessionsExcept(userId, ''));
    });
    return 0;
  },
};

const disable: Command = {
  words: ['user', 'disable'],
  operands: ['NAME'],
  options: {},
  summary: 'no sign-in for a user any more, and the end of all sessions',
  notes: `${SESSIONS_END} What the user said, and the name, stay.`,
  async run(call) {
    await withUser(call, async (store, userId, audit) => {
      const ended = await store.disableUser(userId);
      audit.record({ event: 'user-disabled', outcome: 'done', userId, detail: BY_COMMAND });
      tellEnded(call, audit, userId, ended);
    });
    return 0;
  },
};

const enable: Command = {
  words: ['user', 'enable'],
  operands: ['NAME'],
  options: {},
  summary: 'the end of "user disable"',
  notes: 'The user signs in again with the password of before.',
  async run(call) {
    await withUser(call, async (store, userId, audit) => {
      await store.enableUser(userId);
      audit.record({ event: 'user-enabled', outcome: 'done', userId, detail: BY_COMMAND });
    });
    return 0;
  },
};

export const USER_COMMANDS: readonly Command[] = [list, add, setPassword, signOut, disable, enable];
