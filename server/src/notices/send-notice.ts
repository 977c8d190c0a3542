import { Server } from 'socket.io';
import { NOTICE_EVENT, NOTICES_NAMESPACE, roomOfUser, type UserNotice } from './notice';
import { NoticeWriter } from './notice-stream';

/**
 * Sends a notice to one user, or with null to everyone who is connected, as any other program with Socket.IO's server library does.
 * Rejects where Redis did not take it.
 */
export async function sendNotice(redisUrl: string, userId: string | null, notice: UserNotice): Promise<void> {
  const writer = await NoticeWriter.open(redisUrl);
  try {
    const namespace = new Server().of(NOTICES_NAMESPACE);
    writer.serve(namespace);
    (userId === null ? namespace : namespace.to(roomOfUser(userId))).emit(NOTICE_EVENT, notice);
    await writer.written();
  } finally {
    writer.close();
  }
}
