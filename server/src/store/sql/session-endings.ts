import type { SessionEndings } from '../store';
import type { Dialect } from './dialect';
import { all, first, run, type Script } from './script';
import { statement } from './statement';
import type { SessionEndingsTable } from './tables';

/** More than end while a server that is not stuck looks away; who missed more looks for each of its sessions. */
const KEPT = 10_000;

function statementsOf({ db, rows }: Dialect) {
  return {
    take: statement<{ count: number }>(db).as((q, { count }) =>
      q
        .updateTable('session_ending_head')
        .set((e) => ({ last_no: e('last_no', '+', count) }))
        .returning('last_no'),
    ),
    insert: statement<{ endings: readonly EndingRow[] }>(db).as((q, { endings }) =>
      q
        .insertInto('session_endings')
        .columns(['ending_no', 'session_id'])
        .expression((e) =>
          e
            .selectFrom(rows<EndingRow, 'k'>(endings, { ending_no: 'bigint', session_id: 'text' }, 'k'))
            .select(['k.ending_no', 'k.session_id']),
        ),
    ),
    forget: statement<{ upTo: number }>(db).as((q, { upTo }) =>
      q.deleteFrom('session_endings').where('ending_no', '<=', upTo),
    ),
    last: statement<object>(db).as((q) => q.selectFrom('session_ending_head').select('last_no')),
    after: statement<{ afterNo: number; limit: number }>(db).as((q, { afterNo, limit }) =>
      q.selectFrom('session_endings').selectAll().where('ending_no', '>', afterNo).orderBy('ending_no').limit(limit),
    ),
  };
}

type EndingRow = { readonly [K in keyof SessionEndingsTable]: SessionEndingsTable[K] };

/** Which sessions ended, for the servers that have their connections: by a command or another process, with or without a bus. */
export class EndingLog {
  private readonly ask;

  constructor(dialect: Dialect) {
    this.ask = statementsOf(dialect);
  }

  /** The last thing of a transaction that ends sessions: all others that end some wait from here on. */
  *note(sessionIds: readonly string[]): Script<void> {
    if (sessionIds.length === 0) {
      return;
    }
    const head = yield* first(this.ask.take, { count: sessionIds.length });
    const lastNo = head?.last_no ?? 0;
    const firstNo = lastNo - sessionIds.length + 1;
    yield* run(this.ask.insert, {
      endings: sessionIds.map((session_id, index) => ({ ending_no: firstNo + index, session_id })),
    });
    yield* run(this.ask.forget, { upTo: lastNo - KEPT });
  }

  *lastNo(): Script<number> {
    return (yield* first(this.ask.last, {}))?.last_no ?? 0;
  }

  *after(afterNo: number, limit: number): Script<SessionEndings> {
    const rows = yield* all(this.ask.after, { afterNo, limit });
    return {
      lastNo: rows.at(-1)?.ending_no ?? afterNo,
      sessionIds: rows.map((row) => row.session_id),
      isWhole: (rows[0]?.ending_no ?? afterNo + 1) === afterNo + 1,
    };
  }
}
