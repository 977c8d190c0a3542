import type { ChatEvent, ChatService, Core, TimelineChange, TimelineRow } from '../../host/src/node/load-core.js';
import { emptyView, type LogEvent, type RoomView } from '../history/history.js';

/** Writes down what a chat applies to its timelines, at the moment at which it tells so. */
export class Recorder {
  readonly views = new Map<string, RoomView>();

  constructor(private readonly core: Core) {}

  view(roomId: string): RoomView {
    let view = this.views.get(roomId);
    if (view === undefined) {
      view = emptyView();
      this.views.set(roomId, view);
    }
    return view;
  }

  /** A chat that starts anew reads everything anew. */
  watch(chat: ChatService): void {
    this.views.forEach(({ steps }) => steps.push({ step: 'reset' }));
    chat.subscribe(this.core.ChatEventKind.TimelineChanged, (event: ChatEvent) => {
      if (event.change !== null) {
        this.changed(chat, event.roomId, event.change);
      }
    });
  }

  /** The last look, before the chat goes. */
  finish(chat: ChatService): void {
    for (const [roomId, view] of this.views) {
      const { rows } = chat.timeline(roomId);
      const count = this.confirmedCount(rows);
      view.final = rows.slice(0, count).map(eventOf);
      view.unconfirmed = rows.slice(count).map(({ clientId }) => clientId);
    }
  }

  /** Rows at the start whose place in the log is settled. An own one behind a hole may be sent, but not have its place. */
  confirmedCount(rows: readonly TimelineRow[]): number {
    const { DeliveryState } = this.core;
    const end = rows.findIndex((row, index) => {
      const isSent = row.delivery === DeliveryState.None || row.delivery === DeliveryState.Sent;
      const isBehindHole = row.isMine && index > 0 && row.seq > (rows[index - 1]?.seq ?? 0) + 1;
      return row.seq === 0 || !isSent || isBehindHole;
    });
    return end < 0 ? rows.length : end;
  }

  private changed(chat: ChatService, roomId: string, change: TimelineChange): void {
    const { TimelineChangeKind } = this.core;
    const view = this.view(roomId);
    const { rows } = chat.timeline(roomId);
    const confirmed = rows.slice(0, this.confirmedCount(rows));
    const touched = rows.slice(change.index, change.index + change.count);
    switch (change.kind) {
      case TimelineChangeKind.Appended:
        this.noteAcks(view, touched);
        for (const row of confirmed.slice(change.index, change.index + change.count)) {
          view.steps.push({ step: 'appended', event: eventOf(row) });
        }
        break;
      case TimelineChangeKind.Updated:
        this.noteAcks(view, touched);
        // A row that was there changes; it is news only where it has got its place just now.
        for (const row of confirmed.slice(change.index, change.index + change.count)) {
          if (lastSeq(view) < row.seq) {
            view.steps.push({ step: 'appended', event: eventOf(row) });
          }
        }
        break;
      case TimelineChangeKind.Prepended:
        this.prepended(view, touched, confirmed.slice(change.count));
        break;
      case TimelineChangeKind.Removed:
        if (change.index === 0) {
          view.steps.push({ step: 'trimmed', first: confirmed[0]?.seq ?? 0 });
        }
        break;
      case TimelineChangeKind.Reset:
        view.steps.push({ step: 'reset' });
        break;
      default:
        break;
    }
  }

  /**
   * Before the first page an own message can be sent and stand alone, and its place only shows with the page: what was
   * written down until then is what stands behind the page now.
   */
  private prepended(view: RoomView, page: readonly TimelineRow[], behind: readonly TimelineRow[]): void {
    const start = view.steps.map(({ step }) => step).lastIndexOf('reset') + 1;
    const isFirst = !view.steps.slice(start).some(({ step }) => step === 'prepended');
    if (isFirst) {
      view.steps.splice(start);
    }
    for (const row of [...page].reverse()) {
      view.steps.push({ step: 'prepended', event: eventOf(row) });
    }
    for (const row of isFirst ? behind : []) {
      view.steps.push({ step: 'appended', event: eventOf(row) });
    }
  }

  private noteAcks(view: RoomView, rows: readonly TimelineRow[]): void {
    for (const { clientId, seq } of rows.filter((row) => row.isMine && row.clientId !== '' && row.seq > 0)) {
      view.acks.push({ clientId, seq });
    }
  }
}

/** Of what was applied at the end since everything was read anew; 0 for nothing. */
function lastSeq({ steps }: RoomView): number {
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    if (step?.step === 'reset') {
      return 0;
    }
    if (step?.step === 'appended') {
      return step.event.seq;
    }
  }
  return 0;
}

function eventOf({ seq, kind, userId, clientId, text }: TimelineRow): LogEvent {
  return { seq, kind, userId, clientId, text };
}
