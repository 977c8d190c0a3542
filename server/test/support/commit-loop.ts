/**
 * `commit-loop.ts DATABASE BATCHES SIZE`: commits batches of messages one after the other and writes `ack N` to its output when batch N is
 * said to be on disk. Then it waits to be killed: what SQLite would tidy up at a close is not what is looked at.
 */
import { writeSync } from 'node:fs';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { create, message } from '../store/log-commands';

const [path = '', batches = '0', size = '0'] = process.argv.slice(2);
const store = new SqliteStore(path);
await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 });
await store.commit([create('r_1', 'Tea')]);
for (let batch = 1; batch <= Number(batches); batch++) {
  await store.commit(Array.from({ length: Number(size) }, (_, i) => message('r_1', 'u_ann', `c_${batch}_${i}`)));
  writeSync(1, `ack ${batch}\n`);
}
writeSync(1, 'done\n');
setInterval(() => undefined, 60_000);
