/**
 * Where our cache and the package `http-cache-semantics` differ on purpose, each with the section that says why. Sections
 * are of RFC 9111 where no other is named. A rule changes what the package is asked, or what is made of its word, so that
 * the two must agree in everything else.
 */
import type CachePolicy from 'http-cache-semantics';
import { lowerCase, type Control, type Inputs, type OracleCase } from './oracle-case.js';

/** `none`: nothing is kept at all. */
export type Verdict = 'fresh' | 'stale' | 'staleWhileRevalidate' | 'ask' | 'none' | 'unsatisfiable';

export interface Rule {
  readonly name: string;
  applies(one: OracleCase): boolean;
  /** Before the package is asked. */
  change?(inputs: Inputs, one: OracleCase): void;
  /** After it has spoken. */
  verdict?(said: Verdict, policy: CachePolicy, one: OracleCase): Verdict;
  /** False: a failure is told, whatever the package says. */
  readonly mayHide?: false;
  /** What a 304 is, whatever the package says. */
  readonly confirms?: boolean;
}

/** Status codes that may be kept without a word of the server, but for 206 (RFC 9110, section 15.1). */
const KEPT_STATUSES = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];
const NUMBERED = ['max-age', 'min-fresh', 'max-stale', 'stale-while-revalidate', 'stale-if-error'];
const DAY_S = 86_400;
/** More than any lifetime: a number that nothing can meet. */
const UNMEETABLE = '9'.repeat(15);

/** In this order: the first ones put into plain words what the later ones and the package read. */
export const RULES: readonly Rule[] = [
  {
    // The package knows names in lower case only.
    name: '5.2: names of directives count in any case',
    applies: ({ parts }) => [...parts.answer, ...parts.request].some((text) => text !== text.toLowerCase()),
    change: (inputs) => {
      inputs.answerControl = lowerCase(inputs.answerControl);
      inputs.requestControl = lowerCase(inputs.requestControl);
    },
  },
  {
    // The package takes the last one. By the section it is the first, or stale: the strictest is never more than that.
    name: '4.2.1: of several numbers the strictest counts, and what is no number is the strictest',
    applies: (one) => isIrregular(one.answerControl) || isIrregular(one.requestControl),
    change: (inputs) => {
      makeRegular(inputs.answerControl);
      makeRegular(inputs.requestControl);
    },
  },
  {
    // The package compares the texts.
    name: '4.1: spaces around commas make no other request',
    applies: ({ parts }) => hasSpaces(parts.asked) || hasSpaces(parts.language),
    change: ({ storing, request }) => {
      for (const sent of [storing, request]) {
        sent['accept-language'] = (sent['accept-language'] ?? '').replace(/\s*,\s*/g, ',');
        if (sent['accept-language'] === '') {
          delete sent['accept-language'];
        }
      }
    },
  },
  {
    // The package takes it for Cache-Control.
    name: '5.4: Pragma in an answer means nothing',
    applies: ({ parts }) => parts.answerPragma,
    change: ({ answer }) => delete answer['pragma'],
  },
  {
    // The package obeys both.
    name: '5.4: Pragma in a request means nothing beside Cache-Control',
    applies: ({ parts }) => parts.requestPragma && parts.request.length > 0,
    change: ({ request }) => delete request['pragma'],
  },
  {
    // The package takes the Age header alone, also a negative one.
    name: '4.2.3: the way of the answer and its Date count for its age',
    applies: ({ parts }) => parts.delayS > 0 || (parts.date ?? 0) < 0 || parts.age === '-5',
    change: ({ answer }, { parts }) => {
      const told = /^\d+/.exec(parts.age ?? '')?.[0] ?? '0';
      answer['age'] = String(Math.max(-(parts.date ?? 0), Number(told) + parts.delayS));
    },
  },
  {
    // The package does not know must-understand.
    name: '5.2.2.3: must-understand lifts no-store from what is understood',
    applies: (one) => one.answerControl.has('must-understand') && one.answerControl.has('no-store'),
    change: ({ answerControl }) => answerControl.delete('no-store'),
  },
  {
    // The package takes an answer that is immutable for fresh for a day.
    name: 'RFC 8246, 2: immutable makes nothing fresh',
    applies: (one) => one.answerControl.has('immutable'),
    change: ({ answerControl }) => answerControl.delete('immutable'),
  },
  {
    // The package sets no end.
    name: '4.2.2: the heuristic ends at a day',
    applies: (one) => heuristicS(one) > DAY_S,
    change: ({ answerControl }) => answerControl.set('max-age', [String(DAY_S)]),
  },
  {
    // The package takes it for no-cache alone.
    name: '5.2.2.4: no-cache for some headers leaves the answer usable',
    applies: (one) => one.answerControl.has('no-cache') && !isNoCache(one),
    change: ({ answerControl }) => answerControl.delete('no-cache'),
  },
  {
    // The package has only that of answers.
    name: 'RFC 5861, 4: a request may say stale-if-error too',
    applies: (one) => one.requestControl.has('stale-if-error'),
    change: ({ answerControl, requestControl }) => {
      const larger = Math.max(secondsOf(answerControl, 'stale-if-error'), secondsOf(requestControl, 'stale-if-error'));
      answerControl.set('stale-if-error', [String(larger)]);
    },
  },
  {
    // The package refuses an answer that is stale for just so long.
    name: '5.2.1.2: max-stale takes what is stale for no more than its number',
    applies: (one) => (one.requestControl.get('max-stale') ?? []).some((value) => value !== null),
    change: ({ requestControl }) => {
      // Ages and lifetimes are tenths of a second at the finest.
      requestControl.set('max-stale', [String(secondsOf(requestControl, 'max-stale') + 0.05)]);
    },
  },
  {
    // The package asks for a fresh answer too, and hides failures.
    name: '5.2.2.2: must-revalidate is for stale answers, and has no exception',
    applies: (one) => one.answerControl.has('must-revalidate'),
    change: ({ answerControl }) => answerControl.delete('must-revalidate'),
    verdict: (said) => (isStale(said) ? 'ask' : said),
    mayHide: false,
  },
  {
    // The package gives it out by max-stale and stale-while-revalidate, and for failures.
    name: '5.2.2.4: an answer with no-cache is never used unconfirmed',
    applies: isNoCache,
    verdict: (said) => (said === 'none' ? said : 'ask'),
    mayHide: false,
  },
  {
    name: '5.2.1.4: a request with no-cache gets nothing unconfirmed, not for a failure either',
    applies: ({ requestControl, parts }) =>
      requestControl.has('no-cache') || (parts.requestPragma && parts.request.length === 0),
    mayHide: false,
  },
  {
    // The package hides a failure by an answer that is fresh, though the request refused that one.
    name: '4.3.3: what the request refused stands in for a failure only by stale-if-error',
    applies: (one) =>
      !isAboveZero(one.answerControl, 'stale-if-error') && !isAboveZero(one.requestControl, 'stale-if-error'),
    mayHide: false,
  },
  {
    // A reload says max-age=0. The package asks; the rule leaves an answer that is no longer fresh to the next one.
    name: 'RFC 8246, 2: max-age=0 does not ask for what is immutable and fresh',
    applies: (one) => one.answerControl.has('immutable') && asksForNew(one),
    change: ({ requestControl }) => requestControl.delete('max-age'),
    verdict: (said, policy) => (isStale(said) && policy.age() > 0 ? 'ask' : said),
  },
  {
    // The package gives it out inside the window of stale-while-revalidate.
    name: '5.2.1.1: a request with max-age wants nothing stale without max-stale',
    applies: (one) => one.requestControl.has('max-age'),
    verdict: (said) => (said === 'staleWhileRevalidate' ? 'ask' : said),
  },
  {
    // The package keeps others that say how long they are fresh. No cache has to.
    name: '3: kept are only statuses that are cacheable by default',
    applies: ({ parts }) => !KEPT_STATUSES.includes(parts.status),
    verdict: () => 'none',
  },
  {
    // No cache has to keep anything. Only a request with max-stale could tell.
    name: '3: not kept is what is never fresh, cannot be validated and may not be used stale',
    applies: (one) => one.parts.etag === null && one.parts.modified === null && !isAllowedStale(one),
    verdict: (said, policy) => (policy.maxAge() === 0 ? 'none' : said),
  },
  {
    // The package leaves it to its caller.
    name: '5.2.1.7: only-if-cached is answered by the cache, or by 504',
    applies: (one) => one.requestControl.has('only-if-cached'),
    verdict: (said) => (isStale(said) ? 'stale' : said === 'fresh' ? said : 'unsatisfiable'),
  },
  {
    // The package takes a weak validator that is stored for a strong one.
    name: '4.3.4: a strong validator selects by strong comparison (RFC 9110, 8.8.3.2)',
    applies: ({ parts }) => isWeak(parts.etag) && parts.confirmedEtag !== null && !isWeak(parts.confirmedEtag),
    confirms: false,
  },
  {
    // It can be about nothing else than the one stored answer that was asked about, and need not repeat Last-Modified
    // (RFC 9110, section 15.4.5). The package does not take it.
    name: '4.3.3: a 304 that names no validator says that what was asked about can be reused',
    applies: ({ parts }) => parts.confirmedEtag === null && parts.confirmedModified === null,
    confirms: true,
  },
];

function isIrregular(control: Control): boolean {
  return NUMBERED.some((name) => {
    const values = control.get(name) ?? [];
    return values.length > 1 || values.some((value) => value !== null && !isNumber(value));
  });
}

/** Without any argument a directive stays as it is; beside one with an argument it is no number. */
function makeRegular(control: Control): void {
  for (const name of NUMBERED) {
    const values = control.get(name) ?? [];
    if (values.some((value) => value !== null)) {
      const isStricterAbove = name === 'min-fresh';
      const numbers = values
        .filter((value) => value !== null && isNumber(value))
        .map((value) => Number(plain(value ?? '')));
      const unreadable = isStricterAbove ? UNMEETABLE : '0';
      const strictest = isStricterAbove ? Math.max(...numbers) : Math.min(...numbers);
      control.set(name, [numbers.length < values.length ? unreadable : String(strictest)]);
    }
  }
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(plain(text));
}

/** Without quotes. */
function plain(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}

/** Of what the second rule has made plain; 0 where it is not there. */
function secondsOf(control: Control, name: string): number {
  return Number(plain(control.get(name)?.[0] ?? '0'));
}

function isAboveZero(control: Control, name: string): boolean {
  const values = control.get(name) ?? [];
  return values.length > 0 && values.every((value) => value !== null && isNumber(value) && Number(plain(value)) > 0);
}

function asksForNew(one: OracleCase): boolean {
  return one.requestControl.has('max-age') && !isAboveZero(one.requestControl, 'max-age');
}

function isNoCache(one: OracleCase): boolean {
  return (one.answerControl.get('no-cache') ?? []).includes(null);
}

function isAllowedStale(one: OracleCase): boolean {
  return (
    !isNoCache(one) && ['stale-while-revalidate', 'stale-if-error'].some((name) => isAboveZero(one.answerControl, name))
  );
}

/** 0 where something else counts. */
function heuristicS({ answerControl, parts }: OracleCase): number {
  const isExplicit = answerControl.has('max-age') || parts.expires !== null;
  return isExplicit || parts.modified === null ? 0 : ((parts.date ?? 0) - parts.modified) / 10;
}

function hasSpaces(text: string | null): boolean {
  return /\s/.test(text ?? '');
}

function isWeak(etag: string | null): boolean {
  return etag?.startsWith('W/') ?? false;
}

function isStale(said: Verdict): boolean {
  return said === 'stale' || said === 'staleWhileRevalidate';
}
