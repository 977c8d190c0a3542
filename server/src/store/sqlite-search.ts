import { createHash } from 'node:crypto';
import type Database from 'libsql';
import { fold } from '../search/fold';

/** SQLite's trigram tokenizer finds nothing shorter. */
const MIN_INDEXED_CHARACTERS = 3;
/** Rows of one step of the first filling: bounds its memory. */
const FILL_STEP = 1000;

const INSERT_INDEX = 'INSERT INTO search_index (rowid, room, words) VALUES (?, ?, ?)';

/** One found row, ready to be joined with its event. */
export interface Candidate {
  readonly row_no: number;
  readonly room_id: string;
  readonly seq: number;
}

/**
 * A room in three characters of a private plane, and so in one trigram: the index then holds one list for each room, and
 * a search costs what the user's own rooms hold. Two rooms may share one; the join with `members` tells them apart.
 */
function roomToken(roomId: string): string {
  const digest = createHash('sha256').update(roomId).digest();
  return String.fromCodePoint(...[0, 2, 4].map((at) => 0xf0000 + digest.readUInt16BE(at)));
}

/** A string of FTS5: nothing in it is syntax. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/**
 * Which messages hold which words. The index holds trigrams of folded text and not the text: any script without word lists,
 * and parts of words. Words of one or two characters are not in it: for them the caller looks at the texts.
 */
export class SqliteSearch {
  private readonly insertRow;
  private readonly insertIndex;
  private readonly selectRow;
  private readonly selectRoomIds;
  private readonly selectCandidates;

  constructor(db: Database.Database) {
    this.insertRow = db.prepare('INSERT INTO search_rows (room_id, seq) VALUES (?, ?)');
    this.insertIndex = db.prepare(INSERT_INDEX);
    this.selectRow = db.prepare(
      'SELECT s.row_no FROM search_rows s JOIN members m ON m.room_id = s.room_id AND m.user_id = ? ' +
        'WHERE s.room_id = ? AND s.seq = ?',
    );
    this.selectRoomIds = db.prepare('SELECT room_id FROM members WHERE user_id = ?');
    this.selectCandidates = db.prepare(
      'SELECT s.row_no, s.room_id, s.seq FROM search_index i ' +
        'CROSS JOIN search_rows s ON s.row_no = i.rowid ' +
        'JOIN members m ON m.room_id = s.room_id AND m.user_id = ? ' +
        'WHERE search_index MATCH ? AND i.rowid < ? ORDER BY i.rowid DESC LIMIT ?',
    );
  }

  /** In the transaction that writes the message. */
  add(roomId: string, seq: number, text: string): void {
    if (text !== '') {
      const { lastInsertRowid } = this.insertRow.run(roomId, seq);
      this.insertIndex.run(lastInsertRowid, roomToken(roomId), fold(text));
    }
  }

  /** The place of a message in the order of all; null where it is none of the user's rooms. */
  rowNoOf(userId: string, roomId: string, seq: number): number | null {
    const row = this.selectRow.get(userId, roomId, seq) as { row_no: number } | undefined;
    return row?.row_no ?? null;
  }

  /**
   * Messages of the user's rooms below `beforeRowNo` that hold all `words` of three characters and more, the newest first.
   * Words that are shorter are not asked for.
   */
  candidates(userId: string, words: readonly string[], beforeRowNo: number, limit: number): Candidate[] {
    const rooms = (this.selectRoomIds.all(userId) as { room_id: string }[]).map((row) =>
      quoted(roomToken(row.room_id)),
    );
    if (rooms.length === 0) {
      return [];
    }
    const indexed = words.filter((word) => [...word].length >= MIN_INDEXED_CHARACTERS).map(quoted);
    const inRooms = `room : (${rooms.join(' OR ')})`;
    const expression = indexed.length === 0 ? inRooms : `${inRooms} AND words : (${indexed.join(' AND ')})`;
    return this.selectCandidates.all(userId, expression, beforeRowNo, limit) as Candidate[];
  }
}

/** Brings the messages of an older file into the index, in the order of their times. Inside the migration's transaction. */
export function fillSearchIndex(db: Database.Database): void {
  db.exec(
    "INSERT INTO search_rows (room_id, seq) SELECT room_id, seq FROM events WHERE kind = 'message' AND text <> '' " +
      'ORDER BY at_ms, room_id, seq',
  );
  const insert = db.prepare(INSERT_INDEX);
  const select = db.prepare(
    'SELECT s.row_no, s.room_id, e.text FROM search_rows s ' +
      'JOIN events e ON e.room_id = s.room_id AND e.seq = s.seq WHERE s.row_no > ? ORDER BY s.row_no LIMIT ?',
  );
  for (let after = 0; ;) {
    const rows = select.all(after, FILL_STEP) as { row_no: number; room_id: string; text: string }[];
    rows.forEach((row) => insert.run(row.row_no, roomToken(row.room_id), fold(row.text)));
    after = rows.at(-1)?.row_no ?? after;
    if (rows.length < FILL_STEP) {
      return;
    }
  }
}
