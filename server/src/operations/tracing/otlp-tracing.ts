import type { Context, Span as OtelSpan, Tracer } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import type { Span, SpanAttributes, SpanStart, Tracing } from '../../ports/tracing';
import { SettingError } from '../../settings';

export interface OtlpOptions {
  /** Base address of a collector, as in OTEL_EXPORTER_OTLP_ENDPOINT: spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** The share of traces that begin here and are recorded, 0 to 1. Callers elsewhere decide for theirs. */
  readonly ratio: number;
  readonly log: Logger;
}

/** A collector that does not answer must not hold up the end of the server. */
const EXPORT_TIMEOUT_MS = 3000;

const PACKAGES = [
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
];

/** The libraries: large, optional, and loaded by nothing but this. */
async function loadLibraries() {
  try {
    const [api, core, exporter, resources, sdk] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/core'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-base'),
    ]);
    return { api, core, exporter, resources, sdk };
  } catch (error) {
    const expected = `the packages that it needs (npm install --workspace server ${PACKAGES.join(' ')})`;
    throw new SettingError('OTEL_EXPORTER_OTLP_ENDPOINT', expected, (error as Error).message);
  }
}

type Libraries = Awaited<ReturnType<typeof loadLibraries>>;

/** Says when spans begin to get lost, and when they arrive again: the library itself says nothing. */
class ToldExporter implements SpanExporter {
  private isLosing = false;

  constructor(
    private readonly inner: SpanExporter,
    private readonly log: Logger,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.inner.export(spans, (result) => {
      const isLost = result.code !== 0;
      if (isLost && !this.isLosing) {
        this.log.warn({ spans: spans.length, reason: result.error?.name }, 'traces are lost: the collector took none');
      } else if (!isLost && this.isLosing) {
        this.log.info('the collector takes traces again');
      }
      this.isLosing = isLost;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }
}

class OtlpSpan implements Span {
  constructor(
    readonly inner: OtelSpan,
    private readonly errorStatus: number,
  ) {}

  end(attributes: SpanAttributes, failure: unknown): void {
    this.inner.setAttributes(attributes);
    if (failure !== null) {
      // The name and not the message: what an error says can hold what a client said.
      this.inner.setAttribute('error.type', failure instanceof Error ? failure.name : 'unknown');
      this.inner.setStatus({ code: this.errorStatus });
    }
    this.inner.end();
  }
}

class OtlpTracing implements Tracing {
  constructor(
    private readonly libraries: Libraries,
    private readonly tracer: Tracer,
    private readonly shutdown: () => Promise<void>,
  ) {}

  start({ name, kind, parent, headers, links = [] }: SpanStart): Span {
    const { api } = this.libraries;
    const kinds = {
      server: api.SpanKind.SERVER,
      client: api.SpanKind.CLIENT,
      internal: api.SpanKind.INTERNAL,
      producer: api.SpanKind.PRODUCER,
    };
    const linked = links
      .filter((link) => link instanceof OtlpSpan)
      .map((link) => ({ context: link.inner.spanContext() }));
    const span = this.tracer.startSpan(name, { kind: kinds[kind], links: linked }, this.contextOf(parent, headers));
    return new OtlpSpan(span, api.SpanStatusCode.ERROR);
  }

  close(): Promise<void> {
    return this.shutdown();
  }

  private contextOf(parent: SpanStart['parent'], headers: SpanStart['headers']): Context {
    const { api, core } = this.libraries;
    if (parent instanceof OtlpSpan) {
      return api.trace.setSpan(api.ROOT_CONTEXT, parent.inner);
    }
    return headers === undefined
      ? api.ROOT_CONTEXT
      : new core.W3CTraceContextPropagator().extract(api.ROOT_CONTEXT, headers, api.defaultTextMapGetter);
  }
}

/** Traces to an OpenTelemetry collector over OTLP/HTTP. Throws `SettingError` where the libraries are not installed. */
export async function openOtlpTracing({ endpoint, serviceName, ratio, log }: OtlpOptions): Promise<Tracing> {
  const libraries = await loadLibraries();
  const { exporter, resources, sdk } = libraries;
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const sender = new exporter.OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new sdk.BatchSpanProcessor(new ToldExporter(sender, log), {
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.BasicTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [processor],
  });
  return new OtlpTracing(libraries, provider.getTracer('parley'), () =>
    // A server has ended well though its last traces were not taken; the exporter has told it.
    provider.shutdown().catch((error: unknown) => log.debug({ err: error }, 'the last traces were not sent')),
  );
}
