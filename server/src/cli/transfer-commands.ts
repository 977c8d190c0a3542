import { createWriteStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { BY_COMMAND } from '../audit/audit';
import { FileVault } from '../files/file-vault';
import { IdMaker } from '../ports/ids';
import { readSettings, type Settings } from '../settings';
import { exportRoom } from '../transfer/export-room';
import { importRoom, type ImportReport } from '../transfer/import-room';
import { LineError } from '../transfer/room-lines';
import { audited } from './audited';
import { type Call, type Command, CommandFailure, type CommandOption } from './command';
import { linesOf } from './lines';
import { Progress } from './progress';
import { withStore } from './tool-store';

const PROGRESS: Readonly<Record<string, CommandOption>> = {
  progress: { type: 'boolean', summary: 'says how far it is also where nobody watches' },
};

function vaultOf({ filesDir, dataDir }: Settings): FileVault {
  return new FileVault({ folder: filesDir ?? dataDir, isShared: filesDir !== null });
}

function progressOf({ terminal, clock, flags }: Call, noun: string): Progress {
  return new Progress(terminal, clock, noun, terminal.isWatched || flags.has('progress'));
}

async function* counted(lines: AsyncIterable<string>, progress: Progress): AsyncGenerator<string> {
  for await (const line of lines) {
    progress.add(1);
    yield line;
  }
}

/** Under its name only when it is whole and on disk. What is there already is left alone. */
async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  if (existsSync(path)) {
    throw new CommandFailure(`--out: expected a name that is free, got the existing ${path}`);
  }
  const partial = `${path}.partial`;
  try {
    // Its owner alone may read what people said.
    await pipeline(Readable.from(lines), createWriteStream(partial, { mode: 0o600 }));
    const file = await open(partial, 'r');
    await file.sync().finally(() => file.close());
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined || !['ENOENT', 'EACCES', 'ENOSPC', 'EISDIR', 'ENOTDIR', 'EROFS'].includes(code)
      ? error
      : new CommandFailure(`--out: expected a file that can be written, got ${(error as Error).message}`);
  }
}

const exportCommand: Command = {
  words: ['export'],
  operands: ['ROOM'],
  options: {
    out: { type: 'string', value: 'FILE', summary: 'a new file instead of standard output' },
    ...PROGRESS,
  },
  summary: 'a room with its people and files, as JSON Lines',
  notes: 'ROOM is an id of "room list". Also while a server runs: what is said after the start is not in it.',
  async run(call) {
    const { terminal, clock, operands, values } = call;
    const settings = readSettings(terminal.env);
    const [roomId = ''] = operands;
    await audited(call, settings, (audit) =>
      withStore(settings, 'read', async (store) => {
        if ((await store.room(roomId)) === null) {
          throw new CommandFailure(`ROOM: expected the id of a room, got "${roomId}"`);
        }
        // Before the first line is out: what was begun was read.
        audit.record({ event: 'export', outcome: 'done', roomId, detail: BY_COMMAND });
        const progress = progressOf(call, 'lines');
        const lines = counted(exportRoom({ store, vault: vaultOf(settings), clock }, roomId), progress);
        const out = values.get('out');
        await (out === undefined ? terminal.pour(lines) : writeWhole(out, lines));
        progress.finish();
      }),
    );
    return 0;
  },
};

async function readRoom(call: Call, settings: Settings, lines: AsyncIterable<string>): Promise<ImportReport> {
  const { passwords, clock, random } = call;
  return withStore(settings, 'alone', async (store) => {
    const vault = vaultOf(settings);
    await vault.prepare(clock.nowMs());
    return importRoom({ store, vault, passwords, clock, ids: new IdMaker(random) }, lines);
  });
}

const importCommand: Command = {
  words: ['import'],
  operands: ['FILE'],
  options: { json: { type: 'boolean', summary: 'what was brought as one JSON object' }, ...PROGRESS },
  summary: 'a room from what "export" wrote, all of it or nothing',
  notes:
    'FILE may be - for standard input. With SQLite, and with files in DATA_DIR, no server may run meanwhile. People are told apart by their names: who has the ' +
    'same name here is the same person, others are made and cannot sign in before "user set-password". The room gets a new epoch.',
  async run(call) {
    const { terminal, operands, flags } = call;
    const settings = readSettings(terminal.env);
    const [path = ''] = operands;
    const progress = progressOf(call, 'lines');
    let file: FileHandle | null = null;
    try {
      file = path === '-' ? null : await open(path, 'r');
      const chunks =
        file === null ? terminal.input() : (file.createReadStream({ encoding: 'utf8' }) as AsyncIterable<string>);
      const report = await audited(call, settings, async (audit) => {
        const brought = await readRoom(call, settings, counted(linesOf(chunks), progress));
        audit.record({ event: 'import', outcome: 'done', roomId: brought.roomId, detail: BY_COMMAND });
        return brought;
      });
      progress.finish();
      const { roomId, name, events, files, newUsers } = report;
      terminal.print(
        flags.has('json')
          ? `${JSON.stringify(report)}\n`
          : `${roomId} ${JSON.stringify(name)}: ${events} events, ${files} files, ${newUsers.length} new users\n`,
      );
    } catch (error) {
      if (error instanceof LineError || error instanceof ProtocolError) {
        throw new CommandFailure(`FILE: ${error.message}`);
      }
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (code !== undefined && (syscall === 'open' || syscall === 'read')) {
        throw new CommandFailure(`FILE: expected a file that can be read, got ${(error as Error).message}`);
      }
      throw error;
    } finally {
      await file?.close();
    }
    return 0;
  },
};

export const TRANSFER_COMMANDS: readonly Command[] = [exportCommand, importCommand];
