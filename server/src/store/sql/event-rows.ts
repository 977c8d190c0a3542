import type { Kysely } from 'kysely';
import type { EventKind, RoomEvent, RoomFile } from '../../../../common/core/src/main/ets/wire/Frames';
import type { FileRecord } from '../store';
import type { Dialect } from './dialect';
import { statement } from './statement';
import type { FilesTable, Tables } from './tables';

type RoomKey = { readonly room_id: string };

/** An event with its author's name and its file. */
export interface EventRow {
  readonly room_id: string;
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: EventKind;
  readonly user_id: string;
  readonly user_name: string;
  readonly client_id: string;
  readonly text: string;
  readonly file_id: string | null;
  readonly file_name: string | null;
  readonly content_type: string | null;
  readonly size_bytes: number | null;
  readonly width_px: number | null;
  readonly height_px: number | null;
}

/** Events as `EventRow`; who calls says which ones. */
export function selectEvents(db: Kysely<Tables>) {
  return db
    .selectFrom('events as e')
    .innerJoin('users as u', 'u.user_id', 'e.user_id')
    .leftJoin('files as f', 'f.file_id', 'e.file_id')
    .select(['e.room_id', 'e.seq', 'e.at_ms', 'e.kind', 'e.user_id', 'u.name as user_name', 'e.client_id', 'e.text'])
    .select(['e.file_id', 'f.name as file_name', 'f.content_type', 'f.size_bytes', 'f.width_px', 'f.height_px']);
}

/** The newest message of each room that has one. */
export function lastMessages({ db, rows }: Dialect) {
  return statement<{ keys: readonly RoomKey[] }>(db).as((q, { keys }) =>
    selectEvents(q)
      .innerJoin('rooms as r', (join) =>
        join.onRef('r.room_id', '=', 'e.room_id').onRef('r.last_message_seq', '=', 'e.seq'),
      )
      .innerJoin(rows<RoomKey, 'k'>(keys, { room_id: 'text' }, 'k'), 'k.room_id', 'r.room_id'),
  );
}

export function toEvent(row: EventRow): RoomEvent {
  const event: RoomEvent = {
    roomId: row.room_id,
    seq: row.seq,
    atMs: row.at_ms,
    kind: row.kind,
    userId: row.user_id,
    userName: row.user_name,
    clientId: row.client_id,
    text: row.text,
  };
  if (row.file_id === null) {
    return event;
  }
  const file: RoomFile = {
    fileId: row.file_id,
    name: row.file_name ?? '',
    contentType: row.content_type ?? '',
    sizeBytes: row.size_bytes ?? 0,
    widthPx: row.width_px ?? 0,
    heightPx: row.height_px ?? 0,
  };
  return { ...event, file };
}

export function toFileRecord(row: FilesTable): FileRecord {
  return {
    file: {
      fileId: row.file_id,
      name: row.name,
      contentType: row.content_type,
      sizeBytes: row.size_bytes,
      widthPx: row.width_px,
      heightPx: row.height_px,
    },
    roomId: row.room_id,
    userId: row.user_id,
    uploadKey: row.upload_key,
    createdAtMs: row.created_at_ms,
  };
}
