/**
 * The cache against another reading of RFC 9111: the package `http-cache-semantics`, over random headers and times. Where the
 * two differ on purpose, `RULES` names the section, and changes what the other one is asked so that they must agree.
 *
 *     PARLEY_CACHE_CASES=50000 PARLEY_SEED=7 npm run test:proof -- http-cache-oracle
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  loadCore,
  type CacheLookup,
  type CacheRequest,
  type Core,
  type HttpResponse,
} from '../../host/src/node/load-core.js';
import { oracleWord } from '../cache/oracle.js';
import { OracleCase, type Times } from '../cache/oracle-case.js';
import { RULES, type Verdict } from '../cache/oracle-rules.js';

const CASES = Number(process.env['PARLEY_CACHE_CASES'] ?? 2500);
const SEED = Number(process.env['PARLEY_SEED'] ?? 9111);
/** Fixed, so that a rule is not idle by chance. */
const NEED_CASES = 5000;
const START_MS = 1_790_000_000_000;
const URL_OF_ALL = 'https://chat.example/a';

const seconds = fc.constantFrom(0, 1, 5, 30, 31, 59, 60, 61, 90, 600, 100_000);
const delta = fc.oneof(
  { weight: 12, arbitrary: seconds.map(String) },
  { weight: 1, arbitrary: fc.constantFrom('"60"', 'x', '-5', '', '99999999999') },
);
const casing = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
);
const withDelta = (...names: string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...names), delta, casing).map(([name, value, cased]) => `${cased(name)}=${value}`);
const plain = (...names: string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...names), casing).map(([name, cased]) => cased(name));

const answerDirectives = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: withDelta('max-age') },
    { weight: 3, arbitrary: withDelta('stale-while-revalidate') },
    { weight: 3, arbitrary: withDelta('stale-if-error') },
    { weight: 1, arbitrary: withDelta('s-maxage') },
    { weight: 2, arbitrary: plain('must-revalidate', 'no-cache', 'private', 'public', 'no-store') },
    { weight: 1, arbitrary: plain('immutable') },
    { weight: 1, arbitrary: plain('must-understand', 'proxy-revalidate', 'no-cache="set-cookie"', 'unknown=1') },
  ),
  { maxLength: 4 },
);
const requestDirectives = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: withDelta('max-age', 'min-fresh', 'max-stale') },
    { weight: 1, arbitrary: plain('max-stale', 'no-cache', 'only-if-cached', 'no-store', 'unknown') },
    { weight: 1, arbitrary: withDelta('stale-if-error') },
  ),
  { maxLength: 2 },
);
/** Null for no such header. Numbers are seconds from the answer. */
const date = fc.option(fc.constantFrom(0, 0, -1, -30, -600, 20), { nil: null });
const expires = fc.option(fc.constantFrom<number | '0'>(-10, 0, 30, 60, 61, 600, '0'), { nil: null, freq: 2 });
const modified = fc.option(fc.constantFrom(10, -100, -600, -6000, -10_000_000), { nil: null, freq: 2 });
const language = fc.option(fc.constantFrom('de', 'en', 'de,en', 'de ,  en'), { nil: null });
const etag = fc.option(fc.constantFrom('"1"', '"2"', 'W/"1"'), { nil: null });
const mostly = <T>(value: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(value) }, { weight: 3, arbitrary: fc.constantFrom(...others) });

const cases = fc
  .record({
    status: mostly(200, 203, 204, 206, 300, 301, 302, 307, 308, 404, 405, 410, 414, 500, 501, 503, 302),
    answer: answerDirectives,
    date,
    expires,
    modified,
    age: fc.option(fc.constantFrom('0', '10', '59', '-5', 'x', '30, 5'), { nil: null, freq: 2 }),
    vary: mostly<string | null>(null, 'accept-language', 'Accept-Language, x-other', '*'),
    etag,
    answerPragma: mostly(false, true),
    asked: language,
    storing: mostly<string | null>(null, 'no-store'),
    language,
    request: requestDirectives,
    requestPragma: mostly(false, true),
    delayS: mostly(0, 1, 10),
    elapsedS: seconds,
    failure: fc.constantFrom(0, 500, 502, 503, 504, 404, 429, 501),
    confirmedEtag: etag,
    confirmedModified: modified,
  })
  .map((record) => new OracleCase(record));

function headersOf(record: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(record));
}

function response(status: number, headers: Readonly<Record<string, string>>): HttpResponse {
  return { status, headers: headersOf(headers), body: '' };
}

function request(core: Core, headers: Readonly<Record<string, string>>): CacheRequest {
  return {
    method: core.HttpMethod.Get,
    url: URL_OF_ALL,
    headers: headersOf(headers),
    partition: 'u_ann',
    mode: core.CacheMode.Default,
    bodyType: core.HttpBodyType.Text,
  };
}

/** Asserts that the cache says of one case what the oracle says, in everything that shows. */
async function judge(core: Core, one: OracleCase): Promise<void> {
  const clock = new core.FakeClock();
  const cache = new core.HttpCache(clock, new core.RecordingLogger());
  const times = timesOf(clock.nowMs(), one);
  const { parts } = one;
  const text = one.describe(times);
  await clock.advance(times.receivedMs - times.requestedMs);
  const kept = response(parts.status, one.answerHeaders(times.receivedMs));
  await cache.store(request(core, one.storingHeaders()), kept, times.requestedMs, times.receivedMs);
  await clock.advance(times.nowMs - times.receivedMs);
  const lookup = await cache.lookup(request(core, one.requestHeaders()));
  const oracle = oracleWord(one, times);
  assert.equal(wordOf(core, lookup), oracle.verdict, text);
  if (lookup.response !== null) {
    assert.equal(lookup.response.headers.get('age'), `${Math.floor(oracle.ageS)}`, text);
  }
  if (oracle.verdict === 'ask' || oracle.verdict === 'staleWhileRevalidate') {
    assert.deepEqual(Object.fromEntries(lookup.conditionalHeaders), oracle.conditions, text);
  }
  if (lookup.entry !== null) {
    assert.equal(cache.staleOnError(lookup, parts.failure) !== null, oracle.hides, `the failure: ${text}`);
  }
  if (lookup.conditionalHeaders.size > 0) {
    const confirmed = response(304, one.confirmedHeaders(times.receivedMs));
    const freshened = await cache.freshen(lookup, confirmed, times.nowMs, times.nowMs);
    assert.equal(freshened !== null, oracle.confirms, `the 304: ${text}`);
  }
}

function timesOf(requestedMs: number, one: OracleCase): Times {
  const receivedMs = requestedMs + one.parts.delayS * 1000;
  return { requestedMs, receivedMs, nowMs: receivedMs + one.parts.elapsedS * 1000 };
}

/** In the words of the oracle. */
function wordOf(core: Core, lookup: CacheLookup): Verdict {
  switch (lookup.kind) {
    case core.CacheLookupKind.Fresh:
      return lookup.isStale ? 'stale' : 'fresh';
    case core.CacheLookupKind.StaleWhileRevalidate:
      return 'staleWhileRevalidate';
    case core.CacheLookupKind.Unsatisfiable:
      return 'unsatisfiable';
    default:
      return 'ask';
  }
}

/** The names of those rules without which the oracle would say something else of the case. */
function neededRules(one: OracleCase): string[] {
  const times = timesOf(START_MS, one);
  const word = JSON.stringify(oracleWord(one, times));
  return RULES.filter((rule) => {
    const others = RULES.filter((other) => other !== rule);
    return rule.applies(one) && JSON.stringify(oracleWord(one, times, others)) !== word;
  }).map((rule) => rule.name);
}

void test('says what http-cache-semantics says, but for the rules that are named', async () => {
  const core = await loadCore();
  console.log(`  ${CASES} cases, seed ${SEED}`);
  const property = fc.asyncProperty(cases, (one) => judge(core, one));
  await fc.assert(property, { numRuns: CASES, seed: SEED });
});

void test('needs every one of those rules', () => {
  const needed = new Set(fc.sample(cases, { numRuns: NEED_CASES, seed: 9111 }).flatMap(neededRules));
  const idle = RULES.map((rule) => rule.name).filter((name) => !needed.has(name));
  assert.deepEqual(idle, [], 'no case would come out otherwise without these');
});
