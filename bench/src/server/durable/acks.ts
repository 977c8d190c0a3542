/** Between the kind of the frame and what it answers nothing else stands: both servers of this part print it so. */
const ACK = /^\{"type":"message\.ack","re":(\d+)/;
const ACK_START = Buffer.from('{"type":"message.ack"');
const HEAD = 64;

/** The number of the command that is acknowledged here; -1 for what is no ack. */
export function ackedIn(bytes: Buffer, start: number, end: number): number {
  // One look at the first letter of the kind sorts out what is no ack: each message comes back to its sender, too.
  if (bytes[start + 9] !== ACK_START[9]) {
    return -1;
  }
  return Number(ACK.exec(bytes.toString('latin1', start, Math.min(end, start + HEAD)))?.[1] ?? -1);
}
