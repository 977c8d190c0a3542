import type CachePolicy from 'http-cache-semantics';
import { headers, Inputs, type Headers, type OracleCase, type Times } from './oracle-case.js';
import { RULES, type Rule, type Verdict } from './oracle-rules.js';

/** The package's word on a case, as the rules change it. */
export interface OracleWord {
  /** `none` does not show from outside: it is `ask`. */
  readonly verdict: Exclude<Verdict, 'none'>;
  readonly ageS: number;
  readonly conditions: Headers;
  /** Whether the answer may stand in for the failure (RFC 5861, section 4). */
  readonly hides: boolean;
  /** Whether the 304 is about the answer. */
  readonly confirms: boolean;
}

/** `rules` are those of `RULES` that are to count. */
export function oracleWord(one: OracleCase, times: Times, rules: readonly Rule[] = RULES): OracleWord {
  const applying = rules.filter((rule) => rule.applies(one));
  const inputs = new Inputs(one, times);
  applying.forEach((rule) => rule.change?.(inputs, one));
  const policy = inputs.policyAt(one.parts.status, times);
  const ask = inputs.ask();
  const verdict = applying.reduce((said, rule) => rule.verdict?.(said, policy, one) ?? said, saidOf(policy, ask));
  const confirmed = { status: 304, headers: one.confirmedHeaders(times.receivedMs) };
  return {
    verdict: verdict === 'none' ? 'ask' : verdict,
    ageS: policy.age(),
    conditions: verdict === 'none' ? {} : conditionsOf(policy, ask),
    hides: hides(policy, ask, one.parts.failure) && applying.every((rule) => rule.mayHide !== false),
    // The package does not always say it in a boolean.
    confirms: applying.reduce(
      (said, rule) => rule.confirms ?? said,
      Boolean(policy.revalidatedPolicy(ask, confirmed).matches),
    ),
  };
}

/** The package's own word. */
function saidOf(policy: CachePolicy, ask: CachePolicy.HttpRequest): Verdict {
  if (!policy.storable()) {
    return 'none';
  }
  const { response, revalidation } = policy.evaluateRequest(ask);
  if (response === undefined) {
    return 'ask';
  }
  if (revalidation !== undefined) {
    return 'staleWhileRevalidate';
  }
  return policy.stale() ? 'stale' : 'fresh';
}

function conditionsOf(policy: CachePolicy, ask: CachePolicy.HttpRequest): Headers {
  const sent = policy.revalidationHeaders(ask);
  return headers(...['if-none-match', 'if-modified-since'].map((name) => [name, headerOf(sent[name])] as const));
}

/** No answer at all is as good as a 503 to the package, but it throws where it does not hide it. */
function hides(policy: CachePolicy, ask: CachePolicy.HttpRequest, failure: number): boolean {
  return policy.revalidatedPolicy(ask, { status: failure === 0 ? 503 : failure, headers: {} }).matches;
}

function headerOf(value: string | string[] | undefined): string | null {
  return value === undefined ? null : String(value);
}
