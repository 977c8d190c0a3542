export type Tag = 'sessions' | 'rooms' | 'files' | 'search' | 'lines' | 'server';

/** Of a route that wants `Authorization: Bearer <access token>`. */
export const BEARER = { security: [{ accessToken: [] as string[] }] };

/** What validates and prints a route, with what the document says about it. Each `operationId` is used once. */
export function tagged<S extends object>(
  tag: Tag,
  operationId: string,
  summary: string,
  schema: S,
): S & { readonly tags: string[]; readonly operationId: string; readonly summary: string } {
  return { ...schema, tags: [tag], operationId, summary };
}
