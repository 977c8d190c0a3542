import fc from 'fast-check';

/** `who` is one of the two devices, `room` one of the two rooms. */
export type ChatAction =
  | { readonly do: 'send'; readonly who: number; readonly room: number }
  | { readonly do: 'kill'; readonly who: number }
  | { readonly do: 'freeze'; readonly who: number }
  | { readonly do: 'loseAcks'; readonly count: number; readonly kills: boolean }
  /** Of the next events, sent to whichever device: 0 lost, 2 doubled. */
  | { readonly do: 'copies'; readonly of: readonly number[] }
  | { readonly do: 'server'; readonly isDown: boolean }
  | { readonly do: 'refuse' }
  | { readonly do: 'httpFails' }
  | { readonly do: 'restart'; readonly who: number }
  | { readonly do: 'network'; readonly who: number; readonly isOnline: boolean }
  | { readonly do: 'background'; readonly who: number; readonly is: boolean }
  | { readonly do: 'time'; readonly ms: number };

const who = fc.nat(1);
const room = fc.nat(1);

function a<K extends string>(name: K): { do: fc.Arbitrary<K> } {
  return { do: fc.constant(name) };
}

const action: fc.Arbitrary<ChatAction> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ ...a('send'), who, room }) },
  { weight: 2, arbitrary: fc.record({ ...a('kill'), who }) },
  { weight: 1, arbitrary: fc.record({ ...a('freeze'), who }) },
  {
    weight: 2,
    arbitrary: fc.record({ ...a('loseAcks'), count: fc.integer({ min: 1, max: 2 }), kills: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ ...a('copies'), of: fc.array(fc.constantFrom(0, 1, 2), { maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ ...a('server'), isDown: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record(a('refuse')) },
  { weight: 1, arbitrary: fc.record(a('httpFails')) },
  { weight: 2, arbitrary: fc.record({ ...a('restart'), who }) },
  { weight: 1, arbitrary: fc.record({ ...a('network'), who, isOnline: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ ...a('background'), who, is: fc.boolean() }) },
  {
    weight: 7,
    arbitrary: fc.record({
      ...a('time'),
      ms: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ max: 9000, min: 60 })),
    }),
  },
);

export const chatSequences: fc.Arbitrary<ChatAction[]> = fc.array(action, { minLength: 1, maxLength: 40 });
