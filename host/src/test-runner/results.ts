/** What the process that ran one List file tells its parent. Plain data: it crosses the process border as JSON. */
export interface SpecResult {
  /** Names of the suites from the outermost to the spec, joined by ' > '. */
  readonly name: string;
  readonly passed: boolean;
  /** Why it failed, with a stack in .ets lines where there is one. Empty when passed. */
  readonly reason: string;
  readonly durationMs: number;
  /** What the spec printed; shown only when it failed. */
  readonly output: readonly string[];
}

export interface ModuleResult {
  readonly specs: readonly SpecResult[];
  /** Faults that belong to no spec: a throwing afterAll, a floating rejection, an empty suite. Each counts as failed. */
  readonly faults: readonly string[];
  /** What was printed outside every spec, when there are faults. */
  readonly output: readonly string[];
}
