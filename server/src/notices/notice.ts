/** Words of the notices' namespace. Source: docs/PROTOCOL.md, "Notices". */
export const NOTICES_NAMESPACE = '/parley.notices.v1';
export const NOTICE_EVENT = 'notice';
/** From the client: a newer token. */
export const AUTH_EVENT = 'auth';

/** What one broadcast may be in the stream, as JSON text. */
export const MAX_NOTICE_LENGTH = 16 * 1024;
/** Of what `parley-server notice` says, in UTF-16 units. */
export const MAX_NOTICE_TEXT_LENGTH = 2000;

/** What `parley-server notice` sends. Other programs of the operator may send what they like. */
export interface UserNotice {
  readonly id: string;
  readonly text: string;
  readonly sentAtMs: number;
}

export function roomOfUser(userId: string): string {
  return `user:${userId}`;
}

export function roomOfSession(sessionId: string): string {
  return `session:${sessionId}`;
}
