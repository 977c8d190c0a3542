import fc from 'fast-check';

/** A call that the owner may also make from inside an event. */
export type Call =
  | { readonly do: 'connect' }
  | { readonly do: 'disconnect' }
  | { readonly do: 'dispose' }
  | { readonly do: 'retryNow' }
  | { readonly do: 'probe' }
  | { readonly do: 'ready' }
  | { readonly do: 'background'; readonly is: boolean }
  | { readonly do: 'send'; readonly priority: number; readonly ttlMs: number; readonly ackTimeoutMs: number };

/** What the world does. Sockets: `which` 0 is the newest that lives, 1 the one before it. */
export type Fault =
  | { readonly do: 'network'; readonly isOnline: boolean }
  | { readonly do: 'opens'; readonly which: number }
  | { readonly do: 'closes'; readonly which: number; readonly code: number }
  | { readonly do: 'answers'; readonly which: number; readonly frame: number }
  | { readonly do: 'says'; readonly which: number; readonly text: string }
  /** From one that was closed long ago: must change nothing. */
  | { readonly do: 'haunts'; readonly which: number; readonly how: number }
  | { readonly do: 'breaks'; readonly which: number }
  | { readonly do: 'closesOnSend'; readonly which: number; readonly code: number }
  | { readonly do: 'buffers'; readonly bytes: number }
  | { readonly do: 'cannotOpen'; readonly is: boolean }
  | { readonly do: 'time'; readonly ms: number };

/** The owner makes `call` inside the next change of state. */
export type Plan = { readonly do: 'onNextChange'; readonly call: Call };

export type ManagerAction = Call | Fault | Plan;

export interface ManagerSequence {
  readonly seed: number;
  readonly reconnect: boolean;
  readonly maxAttempts: number;
  readonly queueWhileDisconnected: boolean;
  readonly batchSize: number;
  readonly transports: number;
  /** At the end all faults stop, and a wanted connection must come back. */
  readonly heals: boolean;
  readonly actions: readonly ManagerAction[];
}

/** 4400, 4406, 4429, 1007 and 1009 are final. */
export const FATAL_CODES: readonly number[] = [1007, 1009, 4400, 4406, 4429];
const code = fc.constantFrom(1000, 1001, 1006, 1006, 1006, 1011, 1012, 1013, 4401, 4408, 4413, ...FATAL_CODES);
const which = fc.constantFrom(0, 0, 0, 1);
const ms = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 300, max: 6000 }));

function a<K extends string>(name: K): { do: fc.Arbitrary<K> } {
  return { do: fc.constant(name) };
}

const send: fc.Arbitrary<Call> = fc.record({
  ...a('send'),
  priority: fc.integer({ min: 0, max: 3 }),
  ttlMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 800 })),
  ackTimeoutMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1500 })),
});

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 6, arbitrary: send },
  { weight: 4, arbitrary: fc.record(a('connect')) },
  { weight: 2, arbitrary: fc.record(a('disconnect')) },
  { weight: 1, arbitrary: fc.record(a('retryNow')) },
  { weight: 1, arbitrary: fc.record(a('probe')) },
  { weight: 1, arbitrary: fc.record(a('ready')) },
  { weight: 2, arbitrary: fc.record({ ...a('background'), is: fc.boolean() }) },
);
const rare: fc.Arbitrary<Call> = fc.record(a('dispose'));

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ...a('opens'), which }) },
  { weight: 4, arbitrary: fc.record({ ...a('closes'), which, code }) },
  { weight: 3, arbitrary: fc.record({ ...a('answers'), which, frame: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ ...a('says'), which, text: fc.constantFrom('{"type":"x"}', '[]', '{', 'null') }),
  },
  { weight: 1, arbitrary: fc.record({ ...a('haunts'), which: fc.nat(5), how: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ ...a('breaks'), which }) },
  { weight: 1, arbitrary: fc.record({ ...a('closesOnSend'), which, code }) },
  { weight: 1, arbitrary: fc.record({ ...a('buffers'), bytes: fc.constantFrom(0, 1_000_000) }) },
  { weight: 1, arbitrary: fc.record({ ...a('cannotOpen'), is: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ ...a('network'), isOnline: fc.boolean() }) },
  { weight: 7, arbitrary: fc.record({ ...a('time'), ms }) },
);

const action: fc.Arbitrary<ManagerAction> = fc.oneof(
  { weight: 30, arbitrary: call },
  { weight: 50, arbitrary: fault },
  { weight: 1, arbitrary: rare },
  {
    weight: 10,
    arbitrary: fc.record({ ...a('onNextChange'), call: fc.oneof({ weight: 9, arbitrary: call }, rare) }),
  },
);

export const managerSequences: fc.Arbitrary<ManagerSequence> = fc.record({
  seed: fc.nat(1000),
  reconnect: fc.nat(4).map((n) => n < 4),
  maxAttempts: fc.constantFrom(0, 0, 0, 2),
  queueWhileDisconnected: fc.nat(4).map((n) => n < 4),
  batchSize: fc.constantFrom(1, 1, 3),
  transports: fc.constantFrom(1, 2),
  heals: fc.boolean(),
  actions: fc.array(action, { minLength: 1, maxLength: 40 }),
});
