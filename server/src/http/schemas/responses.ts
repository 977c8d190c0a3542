import type { TSchema } from '@sinclair/typebox';
import { ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import { STATUS_OF } from '../status';
import { errorAnswer } from './answers';
import { refTo } from './values';

type Responses = Readonly<Record<number, unknown>>;

const JSON_TYPE = 'application/json';
const RETRY_AFTER = { 'Retry-After': { type: 'integer', description: 'Seconds to wait, rounded up.' } };

/** What any route may answer. */
const ALWAYS = [ErrorCode.BadFrame, ErrorCode.TooLarge, ErrorCode.Internal, ErrorCode.Unavailable];
/** What a route that wants a token may answer too. */
const WITH_TOKEN = [ErrorCode.TokenInvalid, ErrorCode.TokenExpired];

/** An answer with a body of this schema. */
export function answers(schema: TSchema, description: string): object {
  return { description, content: { [JSON_TYPE]: { schema: refTo(schema) } } };
}

/** An answer without a body. */
export function answersNothing(description: string): unknown {
  return { type: 'null', description };
}

/** An answer whose body is no JSON. */
export function answersBytes(type: string, description: string): unknown {
  return { description, content: { [type]: { schema: { type: 'string', contentMediaType: type } } } };
}

/** What is answered before there is a route; the connection is closed then. */
const BROKEN = {
  408: answers(errorAnswer, '`bad_frame`: the request did not come to its end in time.'),
  431: answers(errorAnswer, '`too_large`: more than 16 KiB of headers.'),
};

function refusal(status: number, codes: readonly ErrorCode[]): unknown {
  const described = answers(errorAnswer, codes.map((code) => `\`${code}\``).join(', '));
  return [429, 503].includes(status) ? { ...described, headers: RETRY_AFTER } : described;
}

/** The refusals of a route, by their status. */
export function refusals(codes: readonly ErrorCode[], wantsToken = true): Responses {
  const all = new Set([...codes, ...(wantsToken ? WITH_TOKEN : []), ...ALWAYS]);
  const byStatus = new Map<number, ErrorCode[]>();
  all.forEach((code) => {
    const status = STATUS_OF[code] ?? 400;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  });
  return { ...BROKEN, ...Object.fromEntries([...byStatus].map(([status, those]) => [status, refusal(status, those)])) };
}
