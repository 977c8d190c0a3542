/** One event of `text/event-stream`, or a comment (`name` is `:` then). */
export interface StreamEvent {
  readonly name: string;
  readonly id: string;
  readonly data: string;
}

function readEvent(block: string): StreamEvent {
  if (block.startsWith(':')) {
    return { name: ':', id: '', data: block.slice(1).trim() };
  }
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
      return [name, value];
    }),
  );
  return { name: fields.get('event') ?? 'message', id: fields.get('id') ?? '', data: fields.get('data') ?? '' };
}

/** Reads what this project's server writes: `name: value`, LF, an empty line behind each event. */
export class EventText {
  private rest = '';

  feed(text: string): StreamEvent[] {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.map(readEvent);
  }

  static all(text: string): StreamEvent[] {
    return new EventText().feed(text);
  }
}
