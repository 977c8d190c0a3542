const FILLER = ' The kettle is on, the biscuits are out, and whoever comes last washes up. Tea at four, as ever';
const LENGTH = 100;
/** In every text of the bench and in nothing else that a server says. */
const LANDMARK = 'The kettle is on';
const NUMBERS = /#(\d+)\.(\d+)\.(\d+)# The kettle is on/;

/** 100 bytes that name the round, the room and the message: a stray one from elsewhere is told from the one that is due. */
export function textOf(round: number, room: number, index: number): string {
  return `#${round}.${room}.${index}#${FILLER}`.slice(0, LENGTH).padEnd(LENGTH, '.');
}

/** The index of the message that `payload` holds; -1 for a text of another round or room or a damaged one, null for none. */
export function indexIn(payload: string, round: number, room: number): number | null {
  if (!payload.includes(LANDMARK)) {
    return null;
  }
  const index = Number(NUMBERS.exec(payload)?.[3] ?? -1);
  return payload.includes(textOf(round, room, index)) ? index : -1;
}
