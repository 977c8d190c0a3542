import type { ClientHistory, Fault, History, LogEvent, RoomView, Violation } from './history.js';

/**
 * Every promise that a history breaks. The server's log is held against what was sent, then each client's timeline, as it
 * grew and as it ended, against the log.
 */
export function checkHistory(history: History): Violation[] {
  const found: Violation[] = [];
  for (const [roomId, log] of history.logs) {
    const note = (client: string) => (fault: Fault, text: string) => found.push({ fault, roomId, client, text });
    checkLog(log, roomId, history.clients, note(''));
    for (const client of history.clients) {
      const view = client.rooms.get(roomId);
      if (view !== undefined) {
        checkSender(log, client, view, note(client.name));
        checkSteps(log, view, note(client.name));
        checkFinal(log, view, note(client.name));
      }
    }
  }
  for (const client of history.clients) {
    for (const roomId of client.rooms.keys()) {
      if (!history.logs.has(roomId)) {
        found.push({ fault: 'invented', roomId, client: client.name, text: 'a room that the server does not have' });
      }
    }
  }
  return found;
}

type Note = (fault: Fault, text: string) => void;

function keyOf(event: LogEvent): string {
  return `${event.seq} ${event.kind} ${event.userId} ${event.clientId} ${event.text}`;
}

function messagesOf(log: readonly LogEvent[], userId: string): LogEvent[] {
  return log.filter((event) => event.kind === 'message' && event.userId === userId);
}

/** Numbers without holes, each message of somebody who sent it, each once. */
function checkLog(log: readonly LogEvent[], roomId: string, clients: readonly ClientHistory[], note: Note): void {
  log.forEach((event, index) => {
    if (event.seq !== index + 1) {
      note('lost', `expected seq ${index + 1}, got ${event.seq}`);
    }
  });
  const seen = new Set<string>();
  for (const event of log.filter(({ kind }) => kind === 'message')) {
    const id = `${event.userId} ${event.clientId}`;
    if (seen.has(id)) {
      note('doubled', `${id} is there again as seq ${event.seq}`);
    }
    seen.add(id);
    // Several devices of one user share the name under which the log knows them.
    const views = clients.filter(({ userId }) => userId === event.userId).map(({ rooms }) => rooms.get(roomId));
    const isSent = views.some((view) =>
      view?.sent.some(({ clientId, text }) => clientId === event.clientId && text === event.text),
    );
    if (!isSent) {
      note('invented', `nobody sent seq ${event.seq}, ${id}`);
    }
  }
}

/** All that was sent is in the log, in the order of sending, and what was shown as sent is where the ack said. */
function checkSender(log: readonly LogEvent[], client: ClientHistory, view: RoomView, note: Note): void {
  const own = messagesOf(log, client.userId);
  const seqs = new Map(own.map(({ clientId, seq }) => [clientId, seq]));
  for (const { clientId } of view.sent.filter((one) => !seqs.has(one.clientId))) {
    note('lost', `sent and not in the log: ${clientId}`);
  }
  let before = 0;
  for (const { clientId } of view.sent.filter(({ isRetried }) => !isRetried)) {
    const seq = seqs.get(clientId) ?? before;
    if (seq < before) {
      note('reordered', `${clientId} is seq ${seq}, sent after the message with seq ${before}`);
    }
    before = Math.max(before, seq);
  }
  for (const { clientId, seq } of view.acks) {
    const real = seqs.get(clientId);
    if (real === undefined) {
      note('lost', `acknowledged and not in the log: ${clientId}`);
    } else if (real !== seq) {
      note('invented', `${clientId} was acknowledged as seq ${seq}, it is ${real}`);
    }
  }
  view.unconfirmed.forEach((clientId) => note('lost', `${clientId} was never shown as sent`));
}

/** Every event that came, when it came: at the end the next seq and no other, at the head the one right before. */
function checkSteps(log: readonly LogEvent[], view: RoomView, note: Note): void {
  const known = new Set(log.map(keyOf));
  let first = 0;
  let last = 0;
  for (const step of view.steps) {
    if (step.step === 'reset') {
      first = 0;
      last = 0;
      continue;
    }
    if (step.step === 'trimmed') {
      first = Math.max(first, step.first);
      continue;
    }
    const { event } = step;
    if (!known.has(keyOf(event))) {
      note('invented', `the log has no ${keyOf(event)}`);
    }
    if (last === 0) {
      first = event.seq;
      last = event.seq;
    } else if (step.step === 'appended') {
      noteGap(event.seq, last + 1, event.seq <= last, event.seq >= first, note);
      last = Math.max(last, event.seq);
    } else {
      noteGap(event.seq, first - 1, event.seq >= first, event.seq <= last, note);
      first = Math.min(first, event.seq);
    }
  }
}

/** `isBehind`: on the wrong side of the border; `isWithin`: not beyond the other border, so it is there already. */
function noteGap(seq: number, expected: number, isBehind: boolean, isWithin: boolean, note: Note): void {
  if (seq === expected) {
    return;
  }
  if (isBehind) {
    note(isWithin ? 'doubled' : 'reordered', `seq ${seq} came where ${expected} was due`);
  } else {
    note('lost', `seq ${seq} came where ${expected} was due`);
  }
}

/** What is shown at the end is the end of the log. */
function checkFinal(log: readonly LogEvent[], view: RoomView, note: Note): void {
  const known = new Map(log.map((event) => [event.seq, keyOf(event)]));
  const shown = new Set<number>();
  let before = 0;
  for (const event of view.final) {
    if (shown.has(event.seq)) {
      note('doubled', `seq ${event.seq} is shown twice`);
    } else if (event.seq < before) {
      note('reordered', `seq ${event.seq} is shown after ${before}`);
    }
    if (known.get(event.seq) !== keyOf(event)) {
      note('invented', `shown, and not what the log has: ${keyOf(event)}`);
    }
    shown.add(event.seq);
    before = Math.max(before, event.seq);
  }
  const start = view.final.length === 0 ? 1 : Math.min(...shown);
  for (const { seq } of log) {
    if (seq >= start && !shown.has(seq)) {
      note('lost', `seq ${seq} is not shown`);
    }
  }
}
