import CachePolicy from 'http-cache-semantics';

/** Epoch milliseconds: of the request, of its answer, and of the later request. */
export interface Times {
  readonly requestedMs: number;
  readonly receivedMs: number;
  readonly nowMs: number;
}

export type Headers = Record<string, string>;

/** Directives by name, with their arguments; null for none. */
export type Control = Map<string, (string | null)[]>;

/** Times are seconds from the answer. */
interface CaseRecord {
  readonly status: number;
  readonly answer: readonly string[];
  readonly date: number | null;
  readonly expires: number | '0' | null;
  readonly modified: number | null;
  readonly age: string | null;
  readonly vary: string | null;
  readonly etag: string | null;
  readonly answerPragma: boolean;
  readonly asked: string | null;
  readonly storing: string | null;
  readonly language: string | null;
  readonly request: readonly string[];
  readonly requestPragma: boolean;
  readonly delayS: number;
  readonly elapsedS: number;
  readonly failure: number;
  readonly confirmedEtag: string | null;
  readonly confirmedModified: number | null;
}

/** An answer that may be stored, and some time later a request for the same URL. */
export class OracleCase {
  /** With names in lower case. */
  readonly answerControl: Control;
  readonly requestControl: Control;

  constructor(readonly parts: CaseRecord) {
    this.answerControl = lowerCase(directives(parts.answer));
    this.requestControl = lowerCase(directives(parts.request));
  }

  answerHeaders(receivedMs: number): Headers {
    const { parts } = this;
    return headers(
      ['cache-control', joined(parts.answer)],
      ['date', dateOf(parts.date, receivedMs)],
      ['expires', parts.expires === '0' ? '0' : dateOf(parts.expires, receivedMs)],
      ['last-modified', dateOf(parts.modified, receivedMs)],
      ['age', parts.age],
      ['vary', parts.vary],
      ['etag', parts.etag],
      ['pragma', parts.answerPragma ? 'no-cache' : null],
    );
  }

  /** Of the request that the answer came to. */
  storingHeaders(): Headers {
    return headers(['cache-control', this.parts.storing], ['accept-language', this.parts.asked]);
  }

  requestHeaders(): Headers {
    const { parts } = this;
    return headers(
      ['cache-control', joined(parts.request)],
      ['pragma', parts.requestPragma ? 'no-cache' : null],
      ['accept-language', parts.language],
    );
  }

  /** Of a 304. */
  confirmedHeaders(receivedMs: number): Headers {
    return headers(
      ['etag', this.parts.confirmedEtag],
      ['last-modified', dateOf(this.parts.confirmedModified, receivedMs)],
    );
  }

  describe(times: Times): string {
    const { status, delayS, elapsedS, failure } = this.parts;
    return JSON.stringify({
      ...{ status, delayS, elapsedS, failure },
      answer: this.answerHeaders(times.receivedMs),
      asked: this.storingHeaders(),
      request: this.requestHeaders(),
      confirmed: this.confirmedHeaders(times.receivedMs),
    });
  }
}

/** What the package is asked. A rule may change it. */
export class Inputs {
  readonly answer: Headers;
  readonly storing: Headers;
  readonly request: Headers;
  /** Takes the place of the header. Names are as they stand in the case. */
  answerControl: Control;
  requestControl: Control;

  constructor(one: OracleCase, times: Times) {
    this.answer = one.answerHeaders(times.receivedMs);
    this.storing = one.storingHeaders();
    this.request = one.requestHeaders();
    this.answerControl = directives(one.parts.answer);
    this.requestControl = directives(one.parts.request);
  }

  /** The package's judge of the answer, as of the later request. It holds until the next one is made. */
  policyAt(status: number, times: Times): CachePolicy {
    now = times.receivedMs;
    const policy = new TimedPolicy(
      { method: 'GET', url: '/', headers: this.storing },
      { status, headers: withControl(this.answer, this.answerControl) },
      { shared: false },
    );
    now = times.nowMs;
    return policy;
  }

  ask(): CachePolicy.HttpRequest {
    return { method: 'GET', url: '/', headers: withControl(this.request, this.requestControl) };
  }
}

let now = 0;

class TimedPolicy extends CachePolicy {
  now(): number {
    return now;
  }
}

export function lowerCase(control: Control): Control {
  const lower: Control = new Map();
  for (const [name, values] of control) {
    lower.set(name.toLowerCase(), [...(lower.get(name.toLowerCase()) ?? []), ...values]);
  }
  return lower;
}

function directives(list: readonly string[]): Control {
  const found: Control = new Map();
  for (const text of list) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    found.set(name, [...(found.get(name) ?? []), equals < 0 ? null : text.slice(equals + 1)]);
  }
  return found;
}

function withControl(others: Headers, control: Control): Headers {
  const texts = [...control].flatMap(([name, values]) =>
    values.map((value) => (value === null ? name : `${name}=${value}`)),
  );
  const result = { ...others };
  delete result['cache-control'];
  return texts.length === 0 ? result : { ...result, 'cache-control': texts.join(', ') };
}

export function headers(...pairs: readonly (readonly [string, string | null])[]): Headers {
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null));
}

function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join(', ');
}

function dateOf(fromS: number | null, zeroMs: number): string | null {
  return fromS === null ? null : new Date(zeroMs + fromS * 1000).toUTCString();
}
