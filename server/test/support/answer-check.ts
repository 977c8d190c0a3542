import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ACTUAL_KEYWORD, EXPECTED_KEYWORD, UNITS_KEYWORD } from '../../src/http/schemas/values';

type Schema = Readonly<Record<string, unknown>>;

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const OPENAPI_FILE = new URL('../../../docs/openapi.json', import.meta.url);

/** What was answered, as a client got it. */
export interface SeenAnswer {
  readonly status: number;
  readonly text: string;
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replaceAll('.', '\\.')));
  return new RegExp(`^${parts.join('/')}$`);
}

/** Holds real answers against the document: the status is named for the route, and the body keeps its schema. */
export class AnswerCheck {
  private readonly ajv = new Ajv2020({ strict: true, allErrors: true, validateFormats: false });
  private readonly routes: [pattern: RegExp, operations: Readonly<Record<string, Operation>>][];

  constructor(document: OpenApi) {
    this.ajv.addVocabulary([UNITS_KEYWORD, EXPECTED_KEYWORD, ACTUAL_KEYWORD, 'components']);
    this.ajv.addSchema({ $id: 'parley', components: document.components });
    this.routes = Object.entries(document.paths).map(([path, operations]) => [patternOf(path), operations]);
  }

  /** Throws where the document does not say what the server did. */
  check(method: string, url: string, answer: SeenAnswer): void {
    const operation = this.find(method, url);
    if (operation === null) {
      return;
    }
    const where = `${method} ${url.split('?')[0]} answered ${answer.status}`;
    const response = operation.responses[String(answer.status)];
    if (response === undefined) {
      throw new Error(`${where}: expected one of ${Object.keys(operation.responses).join(', ')}: ${answer.text}`);
    }
    const schema = response.content?.['application/json']?.schema;
    if (schema !== undefined && answer.text !== '') {
      this.checkBody(where, schema, answer.text);
    } else if (response.content === undefined && answer.text !== '') {
      throw new Error(`${where}: expected no body, got ${answer.text}`);
    }
  }

  private checkBody(where: string, schema: Schema, text: string): void {
    const ref = typeof schema.$ref === 'string' ? { $ref: `parley${schema.$ref}` } : schema;
    if (!this.ajv.validate(ref, JSON.parse(text))) {
      throw new Error(`${where}: ${this.ajv.errorsText()} in ${text}`);
    }
  }

  private find(method: string, url: string): Operation | null {
    const path = url.split('?')[0] ?? '';
    const [, operations] = this.routes.find(([pattern]) => pattern.test(path)) ?? [];
    return operations?.[method.toLowerCase()] ?? null;
  }
}

/** Of the document as it is checked in; a test of its own says when that is stale. */
export const ANSWERS = new AnswerCheck(JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')) as OpenApi);
