import type { Static } from '@sinclair/typebox';
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
import { type RequestLimits, takeOrRefuse } from '../limits/request-limits';
import type { Clock } from '../ports/clock';
import { refusalOf } from '../refusal';
import type { Store } from '../store/store';
import { type ByteRange, rangeOf } from './byte-range';
import { hasCurrent } from './entity-tag';
import type { ErrorHandler } from './errors';
import { identityOf, requireIdentity } from './authentication';
import type { RawBody } from './openapi';
import { headerOf } from './requests';
import { fileAnswer } from './schemas/answers';
import { downloadHeaders, inRoom, ofFile, uploadHeaders } from './schemas/parameters';
import { answers, answersBytes, answersNothing, refusals } from './schemas/responses';
import { BEARER, tagged } from './schemas/route-schema';
import { dropBody } from './unread-body';

export interface FileRoutesParts {
  readonly auth: AuthService;
  readonly store: Store;
  readonly clock: Clock;
  readonly files: FileKeeper;
  readonly vault: FileVault;
  readonly limits: RequestLimits;
  readonly log: Logger;
}

/** What an id names never changes. */
const FOREVER = 'private, max-age=31536000, immutable';
/** What people send to each other must not act as a page of this server, whatever it is. */
const NOTHING_ALLOWED = "sandbox; default-src 'none'";

const { BadField, IdReused, NotFound, NotMember, RateLimited } = ErrorCode;

const UPLOAD = tagged('files', 'uploadFile', 'Brings a file into a room; a message names it then.', {
  ...BEARER,
  description:
    'Uploads of one user are limited in number and in bytes. PNG, JPEG, GIF and WebP are known by their content.',
  params: inRoom,
  headers: uploadHeaders,
  response: {
    201: answers(fileAnswer, 'The file is on disk.'),
    ...refusals([BadField, NotMember, IdReused, RateLimited]),
  },
});

const UPLOAD_BODY: RawBody = { contentType: '*/*', description: 'The file as it is, 1 byte to 10 MiB.' };

const DOWNLOAD = tagged('files', 'downloadFile', 'The bytes of a file, for members of its room.', {
  ...BEARER,
  params: ofFile,
  headers: downloadHeaders,
  response: {
    200: answersBytes('*/*', 'The file.'),
    206: answersBytes('*/*', 'The part that `Range` asks for.'),
    304: answersNothing('What the client has still holds.'),
    416: answersNothing('The range lies behind the end.'),
    ...refusals([NotFound]),
  },
});

/** HEAD is the same request without its bytes. */
const DESCRIBE = {
  ...DOWNLOAD,
  operationId: 'describeFile',
  summary: 'What a download would answer, without the bytes.',
};

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
  const { auth, store, clock, files, vault, limits, log } = parts;
  const onRequest = requireIdentity(auth);

  async function readUpload(request: FastifyRequest): Promise<Upload> {
    const { userId } = identityOf(request);
    const { roomId } = request.params as Static<typeof inRoom>;
    const uploadKey = headerOf(request, 'Idempotency-Key');
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
    await takeOrRefuse(limits.uploads, upload.userId);
    // Without a length it may become as large as any; what did not come is given back.
    const declaredBytes = Number(headerOf(request, 'Content-Length')) || MAX_FILE_BYTES;
    await takeOrRefuse(limits.uploadBytes, upload.userId, declaredBytes);
    const file = await files.take(upload);
    await limits.uploadBytes.giveBack(upload.userId, declaredBytes - file.sizeBytes);
    return file;
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
      { schema: UPLOAD, config: { rawBody: UPLOAD_BODY }, errorHandler: refuseUpload, onRequest },
      async (request, reply) => {
        const answer: FileAnswer = { file: await takeUpload(request) };
        return reply.code(201).send(answer);
      },
    );
  });

  async function download(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { userId } = identityOf(request);
    const file = await files.find(userId, (request.params as Static<typeof ofFile>).fileId);
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
  }

  app.head('/v1/files/:fileId', { schema: DESCRIBE, onRequest }, download);
  app.get('/v1/files/:fileId', { schema: DOWNLOAD, onRequest, exposeHeadRoute: false }, download);
}
