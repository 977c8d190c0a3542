import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHistory } from '../history/check-history.js';
import { emptyView, type History, type LogEvent, type RoomView } from '../history/history.js';

const ROOM = 'r_1';

function message(seq: number, userId: string, clientId: string): LogEvent {
  return { seq, kind: 'message', userId, clientId, text: `text of ${clientId}` };
}

interface Planted {
  readonly history: History;
  readonly log: LogEvent[];
  readonly ann: RoomView;
  readonly bo: RoomView;
}

/** Ann says a1 and a2, Bo says b1; both see everything as it comes. */
function sound(): Planted {
  const log: LogEvent[] = [
    { seq: 1, kind: 'created', userId: 'u_ann', clientId: '', text: '' },
    message(2, 'u_ann', 'a1'),
    message(3, 'u_bo', 'b1'),
    message(4, 'u_ann', 'a2'),
  ];
  const [ann, bo] = [emptyView(), emptyView()];
  ann.sent.push(...['a1', 'a2'].map((clientId) => ({ clientId, text: `text of ${clientId}`, isRetried: false })));
  bo.sent.push({ clientId: 'b1', text: 'text of b1', isRetried: false });
  ann.acks.push({ clientId: 'a1', seq: 2 }, { clientId: 'a2', seq: 4 });
  for (const view of [ann, bo]) {
    view.steps.push(...log.map((event) => ({ step: 'appended' as const, event })));
    view.final = [...log];
  }
  const clients = [
    { name: 'ann', userId: 'u_ann', rooms: new Map([[ROOM, ann]]) },
    { name: 'bo', userId: 'u_bo', rooms: new Map([[ROOM, bo]]) },
  ];
  return { history: { logs: new Map([[ROOM, log]]), clients }, log, ann, bo };
}

/** What the checker says after `spoil`, as `fault client`, each once. */
function faultsAfter(spoil: (planted: Planted) => void): string[] {
  const planted = sound();
  spoil(planted);
  return [...new Set(checkHistory(planted.history).map(({ fault, client }) => `${fault} ${client || 'log'}`))].sort();
}

function pick(log: readonly LogEvent[], seq: number): LogEvent {
  const found = log.find((event) => event.seq === seq);
  assert.ok(found);
  return found;
}

test('a sound history has no violation', () => {
  assert.deepEqual(checkHistory(sound().history), []);
});

test('a history read anew after a reset, then backwards, is sound', () => {
  const { history, log, bo } = sound();
  const older = [3, 2, 1].map((seq) => ({ step: 'prepended' as const, event: pick(log, seq) }));
  bo.steps.push({ step: 'reset' }, { step: 'appended', event: pick(log, 4) }, ...older);
  assert.deepEqual(checkHistory(history), []);
});

test('a client that joined late and shows the end of the log is sound', () => {
  const { history, log, bo } = sound();
  bo.steps.splice(0, 2);
  bo.final = log.slice(2);
  assert.deepEqual(checkHistory(history), []);
});

test('old events that were let go may come again at the head', () => {
  const { history, log, bo } = sound();
  bo.steps.push({ step: 'trimmed', first: 3 }, { step: 'prepended', event: pick(log, 2) });
  assert.deepEqual(checkHistory(history), []);
});

test('a message that never reached the log is lost', () => {
  assert.deepEqual(
    faultsAfter(({ ann }) => ann.sent.push({ clientId: 'a3', text: 'text of a3', isRetried: false })),
    ['lost ann'],
  );
});

test('a message that was acknowledged and is not in the log is lost', () => {
  assert.deepEqual(
    faultsAfter(({ ann }) => ann.acks.push({ clientId: 'a9', seq: 9 })),
    ['lost ann'],
  );
});

test('a message that was never shown as sent is lost', () => {
  assert.deepEqual(
    faultsAfter(({ ann }) => (ann.unconfirmed = ['a2'])),
    ['lost ann'],
  );
});

test('an ack with the seq of another message is invented', () => {
  assert.deepEqual(
    faultsAfter(({ ann }) => ann.acks.push({ clientId: 'a2', seq: 3 })),
    ['invented ann'],
  );
});

test('a hole in the log is a loss', () => {
  assert.deepEqual(
    faultsAfter(({ log, ann, bo }) => {
      log.splice(1, 1, { seq: 2, kind: 'joined', userId: 'u_bo', clientId: '', text: '' });
      log.splice(1, 1);
      ann.sent.shift();
      ann.acks.shift();
      for (const view of [ann, bo]) {
        view.steps.splice(0, 2);
        view.final = log.slice(1);
      }
    }),
    ['lost log'],
  );
});

test('a message that is in the log twice is doubled', () => {
  assert.deepEqual(
    faultsAfter(({ log, ann, bo }) => {
      const again = message(5, 'u_bo', 'b1');
      log.push(again);
      for (const view of [ann, bo]) {
        view.steps.push({ step: 'appended', event: again });
        view.final = [...log];
      }
    }),
    ['doubled log'],
  );
});

test('a message in the log that nobody sent is invented', () => {
  assert.deepEqual(
    faultsAfter(({ bo }) => bo.sent.pop()),
    ['invented log'],
  );
});

test('two messages of one sender in the wrong order are reordered, unless one was sent again by hand', () => {
  assert.deepEqual(
    faultsAfter(({ ann }) => ann.sent.reverse()),
    ['reordered ann'],
  );
  assert.deepEqual(
    faultsAfter(({ ann }) => {
      ann.sent.reverse();
      ann.sent.forEach((one) => (one.isRetried = true));
    }),
    [],
  );
});

test('an event that a client applied twice is doubled, even when its screen shows it once', () => {
  assert.deepEqual(
    faultsAfter(({ log, bo }) => bo.steps.push({ step: 'appended', event: pick(log, 4) })),
    ['doubled bo'],
  );
  assert.deepEqual(
    faultsAfter(({ log, bo }) => bo.steps.push({ step: 'prepended', event: pick(log, 1) })),
    ['doubled bo'],
  );
});

test('an event that a client skipped is lost, even when it came later', () => {
  assert.deepEqual(
    faultsAfter(({ bo }) => {
      const [skipped] = bo.steps.splice(2, 1);
      assert.ok(skipped);
      bo.steps.push(skipped);
    }),
    ['doubled bo', 'lost bo'],
  );
});

test('an event of an earlier time that comes at the end is reordered', () => {
  assert.deepEqual(
    faultsAfter(({ log, bo }) => {
      bo.steps.splice(0, 2);
      bo.steps.push({ step: 'appended', event: pick(log, 1) });
    }),
    ['reordered bo'],
  );
});

test('an event with the text of another is invented', () => {
  assert.deepEqual(
    faultsAfter(({ log, bo }) => {
      bo.steps.pop();
      bo.steps.push({ step: 'appended', event: { ...pick(log, 4), text: 'other' } });
    }),
    ['invented bo'],
  );
});

test('the last screen is held against the log: missing, doubled, swapped and wrong rows', () => {
  assert.deepEqual(
    faultsAfter(({ log, bo }) => (bo.final = log.slice(0, 3))),
    ['lost bo'],
  );
  assert.deepEqual(
    faultsAfter(({ log, bo }) => (bo.final = [...log, pick(log, 4)])),
    ['doubled bo'],
  );
  assert.deepEqual(
    faultsAfter(({ log, bo }) => (bo.final = [pick(log, 1), pick(log, 3), pick(log, 2), pick(log, 4)])),
    ['reordered bo'],
  );
  assert.deepEqual(
    faultsAfter(({ log, bo }) => (bo.final = [...log.slice(0, 3), { ...pick(log, 4), userId: 'u_bo' }])),
    ['invented bo'],
  );
  assert.deepEqual(
    faultsAfter(({ bo }) => (bo.final = [])),
    ['lost bo'],
  );
});

test('rooms are judged one by one: a loss in one room does not hide behind another', () => {
  const { history, ann } = sound();
  const other = new Map([...history.logs, ['r_2', []]]);
  assert.deepEqual(checkHistory({ ...history, logs: other }), []);
  ann.final = [];
  assert.deepEqual(new Set(checkHistory({ ...history, logs: other }).map(({ roomId }) => roomId)), new Set([ROOM]));
  const unknown = checkHistory({ ...history, logs: new Map() });
  assert.ok(unknown.length > 0 && unknown.every(({ fault }) => fault === 'invented'));
});
