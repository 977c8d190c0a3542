import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import type { FileAnswer } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { IMAGE_TYPES } from '../../../common/core/src/main/ets/wire/ImageHeader';
import { MAX_FILE_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { AuthService } from '../auth/auth-service';
import type { FileKeeper, Upload } from '../files/file-keeper';
import { badType, declaredType } from '../files/file-kind';
import { contentDisposition, fileNameFrom } from '../files/file-names';
import type { FileVault } from '../files/file-vault';
import type { TokenBuckets } from '../hub/rate-limiter';
import type { Clock } from '../ports/clock';
import { refusalOf, tooFast } from '../refusal';
import type { Store } from '../store/store';
import { type ByteRange, rangeOf } from './byte-range';
import { hasCurrent } from './entity-tag';
import type { ErrorHandler } from './errors';
import { headerOf, identityOf, roomIdOf } from './requests';
import { dropBody } from './unread-body';

export interface FileRoutesParts {
  readonly auth: AuthService;
  readonly store: Store;
  readonly clock: Clock;
  readonly files: FileKeeper;
  readonly vault: FileVault;
  readonly uploads: TokenBuckets;
  readonly log: Logger;
}

/** As long as a client's id of a message, and of the same letters. */
const UPLOAD_KEY_PATTERN = /^[A-Za-z0-9_-]{8,64}$/;
/** What an id names never changes. */
const FOREVER = 'private, max-age=31536000, immutable';
/** What people send to each other must not act as a page of this server, whatever it is. */
const NOTHING_ALLOWED = "sandbox; default-src 'none'";

function uploadKeyOf(request: FastifyRequest): string {
  const key = headerOf(request, 'Idempotency-Key');
  if (!UPLOAD_KEY_PATTERN.test(key)) {
    throw new ProtocolError(ErrorCode.BadField, 'Idempotency-Key', '8 to 64 of A-Z a-z 0-9 _ -', 'another value');
  }
  return key;
}

function refuseTooLarge(request: FastifyRequest): void {
  if (Number(headerOf(request, 'Content-Length')) > MAX_FILE_BYTES) {
    throw new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_FILE_BYTES} bytes`, 'more');
  }
}

/** Fastify itself looks at the type first, before any route. */
function isUnreadableType(error: unknown): boolean {
  return (error as Partial<FastifyError>).code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
}

/** The body in pieces. A reader that stops early leaves the connection alive for the answer. */
function bodyOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  const stream = request.body as Readable | undefined;
  return stream === undefined ? (async function* () {})() : stream.iterator({ destroyOnReturn: false });
}

/** What `Range` and `If-Range` make of it. Source: RFC 9110, 13.1.5 and 14.2: only for GET. */
function partOf(request: FastifyRequest, file: RoomFile, tag: string): ByteRange | 'unsatisfiable' | null {
  const condition = headerOf(request, 'If-Range');
  const isAsked = request.method === 'GET' && (condition === '' || condition === tag);
  return isAsked ? rangeOf(headerOf(request, 'Range'), file.sizeBytes) : null;
}

function describeFile(reply: FastifyReply, file: RoomFile, tag: string): FastifyReply {
  return reply
    .header('ETag', tag)
    .header('Cache-Control', FOREVER)
    .header('Accept-Ranges', 'bytes')
    .header('Content-Security-Policy', NOTHING_ALLOWED)
    .header('Content-Type', file.contentType)
    .header('Content-Disposition', contentDisposition(file.name, IMAGE_TYPES.includes(file.contentType)));
}

function answerUnsatisfiable(reply: FastifyReply, file: RoomFile): FastifyReply {
  return reply.code(416).header('Content-Range', `bytes */${file.sizeBytes}`).send();
}

/** Files over HTTP. Source: docs/PROTOCOL.md, "Files". */
export async function addFileRoutes(
  app: FastifyInstance,
  parts: FileRoutesParts,
  answerError: ErrorHandler,
): Promise<void> {
  const { auth, store, clock, files, vault, uploads, log } = parts;

  async function readUpload(request: FastifyRequest): Promise<Upload> {
    const { userId } = await identityOf(request, auth);
    const roomId = roomIdOf(request);
    const uploadKey = uploadKeyOf(request);
    const name = fileNameFrom(headerOf(request, 'X-File-Name'));
    const type = declaredType(headerOf(request, 'Content-Type'));
    if (!(await store.isMember(roomId, userId))) {
      throw refusalOf(ErrorCode.NotMember);
    }
    return { userId, roomId, uploadKey, name, declaredType: type, body: bodyOf(request) };
  }

  async function takeUpload(request: FastifyRequest): Promise<RoomFile> {
    const upload = await readUpload(request);
    const earlier = await files.earlier(upload.userId, upload.roomId, upload.uploadKey);
    if (earlier !== null) {
      dropBody(request, clock);
      return earlier;
    }
    refuseTooLarge(request);
    const retryAfterMs = uploads.take(upload.userId);
    if (retryAfterMs > 0) {
      throw tooFast(retryAfterMs);
    }
    return files.take(upload);
  }

  /** The sender may be gone, or still be sending what nobody wants to read any more. */
  const refuseUpload: ErrorHandler = (error, request, reply) => {
    if (request.raw.destroyed && !request.raw.complete) {
      log.debug({ err: error }, 'upload broken off');
      void reply.hijack();
      return;
    }
    dropBody(request, clock);
    answerError(isUnreadableType(error) ? badType() : error, request, reply);
  };

  await app.register(async (scope) => {
    // The body as it comes, whatever its type: it must never be in memory as a whole.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post(
      '/v1/rooms/:roomId/files',
      { errorHandler: refuseUpload },
      async (request, reply): Promise<FileAnswer> => {
        const file = await takeUpload(request);
        void reply.code(201);
        return { file };
      },
    );
  });

  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/files/:fileId',
    handler: async (request, reply) => {
      const { userId } = await identityOf(request, auth);
      const file = await files.find(userId, (request.params as { readonly fileId: string }).fileId);
      const tag = `"${file.fileId}"`;
      if (hasCurrent(request, tag)) {
        return describeFile(reply, file, tag).code(304).send();
      }
      const part = partOf(request, file, tag);
      if (part === 'unsatisfiable') {
        return answerUnsatisfiable(reply, file);
      }
      const { start, end } = part ?? { start: 0, end: file.sizeBytes - 1 };
      // Before the answer speaks of it: an error must not carry the headers of the file.
      const content = request.method === 'HEAD' ? null : await vault.open(file.fileId);
      describeFile(reply, file, tag).header('Content-Length', end - start + 1);
      if (part !== null) {
        void reply.code(206).header('Content-Range', `bytes ${start}-${end}/${file.sizeBytes}`);
      }
      return reply.send(content?.createReadStream({ start, end }));
    },
  });
}
