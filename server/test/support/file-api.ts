import type { RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import { decodeFileAnswer } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { type ApiClient, type ApiReply, expectStatus } from './api-client';

let uploads = 0;

/** A key that no other upload of this process has. */
export function uploadKey(): string {
  return `upload_${String(++uploads).padStart(4, '0')}`;
}

export function upload(
  api: ApiClient,
  roomId: string,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<ApiReply> {
  return api.call('POST', `/v1/rooms/${roomId}/files`, body, {
    'content-type': 'application/octet-stream',
    'idempotency-key': uploadKey(),
    ...headers,
  });
}

export async function uploaded(
  api: ApiClient,
  roomId: string,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<RoomFile> {
  return decodeFileAnswer(expectStatus(await upload(api, roomId, body, headers), 201).text).file;
}
