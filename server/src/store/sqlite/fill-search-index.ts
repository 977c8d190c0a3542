import type Database from 'libsql';
import { fold } from '../../search/fold';
import { roomToken } from './sqlite-search-index';

/** Rows of one step: bounds the memory. */
const FILL_STEP = 1000;

/** Brings the messages of an older file into the index, in the order of their times. Inside the migration's transaction. */
export function fillSearchIndex(db: Database.Database): void {
  db.exec(
    "INSERT INTO search_rows (room_id, seq) SELECT room_id, seq FROM events WHERE kind = 'message' AND text <> '' " +
      'ORDER BY at_ms, room_id, seq',
  );
  const insert = db.prepare('INSERT INTO search_index (rowid, room, words) VALUES (?, ?, ?)');
  const select = db.prepare(
    'SELECT s.row_no, s.room_id, e.text FROM search_rows s ' +
      'JOIN events e ON e.room_id = s.room_id AND e.seq = s.seq WHERE s.row_no > ? ORDER BY s.row_no LIMIT ?',
  );
  for (let after = 0; ;) {
    const rows = select.all(after, FILL_STEP) as { row_no: number; room_id: string; text: string }[];
    rows.forEach((row) => insert.run(row.row_no, roomToken(row.room_id), fold(row.text)));
    after = rows.at(-1)?.row_no ?? after;
    if (rows.length < FILL_STEP) {
      db.exec("INSERT INTO search_index (search_index) VALUES ('optimize')");
      return;
    }
  }
}
