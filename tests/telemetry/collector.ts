import { once } from 'node:events';
import { createServer } from 'node:http';
import protobuf from 'protobufjs';

/** A span as it arrived. */
export interface Seen {
  name: string;
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  kind: number;
  attributes: Record<string, string>;
  /** all of it, as it came, to search in */
  whole: string;
}

export interface Collector {
  /** where traces are posted */
  endpoint: string;
  spans: Seen[];
  /** the spans of one trace by name, waited for */
  close(): Promise<void>;
}

/** As much of OTLP as the tests look at (opentelemetry-proto, trace/v1/trace.proto). */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15;
  }
  message Event { string name = 2; repeated KeyValue attributes = 3; }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }`);
const Request = root.lookupType('Request');

interface Pair { key: string; value?: Record<string, unknown> }
interface Sent {
  resourceSpans?: { resource?: { attributes?: Pair[] }; scopeSpans?: { spans?: { traceId: string; spanId: string; parentSpanId?: string; name: string; kind?: number; attributes?: Pair[] }[] }[] }[];
}

/** A collector of OTLP over HTTP that keeps what it is sent. */
export async function startCollector(): Promise<Collector> {
  const spans: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans.push(...spansIn(Buffer.concat(chunks)));
      response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}/v1/traces`,
    spans,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function spansIn(body: Buffer): Seen[] {
  const sent = Request.toObject(Request.decode(body), { bytes: String, longs: String }) as Sent;
  return (sent.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const service = plain(resource?.attributes)['service.name'] ?? '';
    return (scopeSpans ?? []).flatMap(({ spans }) => spans ?? []).map((span) => ({
      name: span.name, service, kind: span.kind ?? 0, attributes: plain(span.attributes), whole: JSON.stringify(span),
      traceId: hex(span.traceId), spanId: hex(span.spanId), parentSpanId: hex(span.parentSpanId ?? ''),
    }));
  });
}

function plain(pairs: Pair[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, String(Object.values(value ?? {})[0])]));
}

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
