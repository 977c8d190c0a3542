import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Span, Tracing } from '../../ports/tracing';
import type { CommandEnd, CommandObserver } from '../../rooms/command-observer';
import type { StoreCallEnd, StoreMethod, StoreObserver } from '../../store/observed-store';
import type { LogCommand, LogOutcome } from '../../store/store';

function outcomeOf(outcome: LogOutcome): string {
  return outcome.status === 'refused' ? outcome.code : outcome.status;
}

/**
 * What is traced: each HTTP request, each command for a log until its answer is handed out, its publication, and each call that
 * writes a log. A commit is a part of the first command in it, and linked to the others.
 */
export class TracedWork implements CommandObserver, StoreObserver {
  private readonly requests = new WeakMap<FastifyRequest, Span>();
  private readonly commands = new WeakMap<LogCommand, Span>();
  private readonly current = new AsyncLocalStorage<Span>();

  constructor(private readonly tracing: Tracing) {}

  watch(app: FastifyInstance): void {
    app.addHook('onRequest', async (request) => {
      const name = `${request.method} ${request.routeOptions.url ?? 'none'}`;
      this.requests.set(request, this.tracing.start({ name, kind: 'server', headers: request.headers }));
    });
    // Only here: what comes before (the body) may lose it again.
    app.addHook('preHandler', (request, _reply, done) => {
      const span = this.requests.get(request);
      if (span === undefined) {
        done();
      } else {
        this.current.run(span, done);
      }
    });
    app.addHook('onResponse', async (request, reply) => {
      const attributes = {
        'http.request.method': request.method,
        'http.route': request.routeOptions.url ?? 'none',
        'http.response.status_code': reply.statusCode,
      };
      this.requests.get(request)?.end(attributes, reply.statusCode >= 500 ? new Error('answered 5xx') : null);
    });
  }

  beginCommand(command: LogCommand): CommandEnd {
    const name = `command ${command.kind}`;
    const span = this.tracing.start({ name, kind: 'internal', parent: this.current.getStore() });
    this.commands.set(command, span);
    let publication: Span | null = null;
    return {
      answered: (result) => {
        if ('error' in result) {
          span.end({ 'parley.outcome': 'failed' }, result.error);
          return;
        }
        span.end({ 'parley.outcome': outcomeOf(result.outcome) }, null);
        publication = this.tracing.start({ name: 'publish', kind: 'producer', parent: span });
      },
      published: () => publication?.end({}, null),
    };
  }

  begin(method: StoreMethod, args: readonly unknown[]): StoreCallEnd {
    if (method !== 'commit') {
      return () => undefined;
    }
    const commands = args[0] as readonly LogCommand[];
    const spans = commands.flatMap((command) => this.commands.get(command) ?? []);
    const [parent, ...links] = spans;
    const span = this.tracing.start({ name: 'commit', kind: 'client', parent, links });
    return (failure) => span.end({ 'parley.commands': commands.length }, failure);
  }
}
