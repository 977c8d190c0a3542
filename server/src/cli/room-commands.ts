import type { RoomListing } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { readSettings } from '../settings';
import type { Store } from '../store/store';
import { type Command, JSON_OPTION } from './command';
import { table } from './help';
import { withStore } from './tool-store';

const PAGE = 200;

async function* allRooms(store: Store): AsyncGenerator<RoomListing> {
  for (let after = ''; ;) {
    // Nobody's view of the directory: it is the same for all but `isMember`.
    const page = await store.listRooms('', after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) {
      return;
    }
    after = last.roomId;
  }
}

const list: Command = {
  words: ['room', 'list'],
  operands: [],
  options: JSON_OPTION,
  summary: 'all rooms, by id',
  async run(call) {
    await withStore(readSettings(call.terminal.env), 'read', async (store) => {
      const rows: string[][] = [['ID', 'MEMBERS', 'NAME']];
      for await (const { roomId, name, memberCount } of allRooms(store)) {
        if (call.flags.has('json')) {
          call.terminal.print(`${JSON.stringify({ roomId, name, memberCount })}\n`);
        } else {
          rows.push([roomId, String(memberCount), name]);
        }
      }
      if (!call.flags.has('json')) {
        call.terminal.print(table(rows));
      }
    });
    return 0;
  },
};

export const ROOM_COMMANDS: readonly Command[] = [list];
