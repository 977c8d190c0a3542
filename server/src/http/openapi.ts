import swagger, { type SwaggerTransform } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

export const OPENAPI_PATH = '/v1/openapi.json';

/** Of the API, not of the server: what is added keeps the 1. */
const API_VERSION = '1.0.0';

const DESCRIPTION = `The HTTP API of a Parley server. What the bodies mean, the frames, and the other transports (WebSocket at \`/v1/ws\`,
Socket.IO at \`/v1/socket.io/\`) are described in docs/PROTOCOL.md. Errors have the body \`ErrorAnswer\`; \`rate_limited\` and
\`unavailable\` say in \`retryAfterMs\` and \`Retry-After\` when to come again. Fields that are not named are ignored. Lengths of texts
are counted in UTF-16 units: \`x-utf16-length\` is the exact rule, \`minLength\` and \`maxLength\` what follows from it for code points.`;

/** The body of a route that reads it as it comes: for the document only, nothing validates it. */
export interface RawBody {
  readonly contentType: string;
  readonly description: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly rawBody?: RawBody;
  }
}

/** A body without a schema still belongs into the document. */
const addRawBody: SwaggerTransform = ({ schema, url, route }) => {
  const rawBody = route.config?.rawBody;
  if (rawBody === undefined) {
    return { schema, url };
  }
  const { contentType, description } = rawBody;
  const content = { [contentType]: { schema: { type: 'string', contentMediaType: contentType, description } } };
  return { schema: { ...schema, body: { content } }, url };
};

/** Collects the routes that are added after it. */
export async function collectRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Parley',
        version: API_VERSION,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          accessToken: { type: 'http', scheme: 'bearer', description: 'The access token of `SessionTokens`.' },
        },
      },
      tags: [
        { name: 'sessions', description: 'Signing up, in and out.' },
        { name: 'rooms', description: 'Rooms, their members and their history.' },
        { name: 'files', description: 'Files of rooms.' },
        { name: 'search', description: 'Finding messages.' },
        { name: 'lines', description: 'The frames of parley.v1 over plain HTTP.' },
        { name: 'server', description: 'About the server itself.' },
      ],
    },
    transform: addRawBody,
    refResolver: { buildLocalReference: (json) => String(json.$id) },
  });
}

/** The document of the routes at `/v1/openapi.json`. */
export function addOpenApiRoute(app: FastifyInstance): void {
  const schema = {
    operationId: 'openApiDocument',
    tags: ['server'],
    summary: 'This document.',
    response: { 200: { description: 'An OpenAPI 3.1 document.', content: { 'application/json': { schema: {} } } } },
  };
  let text: string | null = null;
  app.get(OPENAPI_PATH, { schema }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(text);
  });
}
