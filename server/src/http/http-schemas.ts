import type { Static, TSchema } from '@sinclair/typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { parseJson } from '../../../common/core/src/main/ets/wire/Messages';
import { bodyOf } from './requests';
import { ANSWER_SCHEMAS } from './schemas/answers';
import { BODY_SCHEMAS, createSchemaGate } from './schemas/schema-gate';

/** What a handler gets has the types of its route's schemas. */
interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  SchemaTypes
>;

/** Where a route has a schema for its body, the body is JSON, whatever its declared type. Throws `bad_frame`. */
async function readJson(request: FastifyRequest): Promise<void> {
  if (request.routeOptions.schema?.body !== undefined) {
    request.body = parseJson(bodyOf(request));
  }
}

/** One for all servers of a process: what it compiled once is not compiled again. */
const SCHEMA_GATE = createSchemaGate();

/** Requests are validated, and answers printed, by the schemas of their routes. */
export function useSchemas(app: FastifyInstance): TypedApp {
  [...ANSWER_SCHEMAS, ...BODY_SCHEMAS].forEach((schema) => app.addSchema(schema));
  app.setValidatorCompiler(SCHEMA_GATE);
  app.addHook('preValidation', readJson);
  return app.withTypeProvider<SchemaTypes>();
}
