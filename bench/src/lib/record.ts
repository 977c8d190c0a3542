/** What an application must know to show one message; the same for every contender. */
export interface MessageRecord {
  readonly roomId: string;
  readonly seq: number;
  readonly atMs: number;
  readonly kind: string;
  readonly userId: string;
  readonly userName: string;
  readonly clientId: string;
  readonly text: string;
}

const TEXT = 'The kettle is on, the biscuits are out, and whoever comes last washes up. Tea at four, as every day.';

/** A chat message whose text has 100 bytes. `seq` counts from 1. */
export function recordOf(seq: number): MessageRecord {
  return {
    roomId: 'r_8Jq2mXw0',
    seq,
    atMs: 1_790_000_000_000 + seq,
    kind: 'message',
    userId: 'u_4fKq81zM',
    userName: 'Bo',
    clientId: `c_01J9Z7Q2V4${seq}`,
    text: TEXT,
  };
}
