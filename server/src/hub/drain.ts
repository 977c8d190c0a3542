import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { type Clock, pause } from '../ports/clock';
import type { CommitLine } from '../rooms/commit-line';
import type { Connection } from './connection';
import { planDrain } from './drain-plan';
import { EncodedFrame } from './encoded-frame';

function dismiss(connection: Connection, retryAfterMs: number): void {
  const bye = new EncodedFrame({ type: FrameType.Bye, re: 0, payload: { retryAfterMs } });
  connection.push(bye.bytesFor(connection));
  connection.close(CloseCode.ServiceRestart, 'shutting down');
}

/** Says `bye` to `connections` over `spreadMs` and closes them. `onLast` is called right before the last group's turn. */
export async function sendAway(
  connections: readonly Connection[],
  spreadMs: number,
  clock: Clock,
  line: CommitLine,
  onLast: () => void,
): Promise<void> {
  const plan = planDrain(connections.length, spreadMs);
  const times = [...new Set([0, ...plan.map(({ atMs }) => atMs)])];
  for (const [index, atMs] of times.entries()) {
    await pause(clock, atMs - (times[index - 1] ?? 0));
    if (index === times.length - 1) {
      onLast();
    }
    // In the line: what the group asked for before is on disk and answered then.
    await line.read(async () =>
      plan.forEach((farewell, at) => {
        const connection = connections[at];
        if (farewell.atMs === atMs && connection !== undefined) {
          dismiss(connection, farewell.retryAfterMs);
        }
      }),
    );
  }
}
