import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { tracer } from './tracer.js';

const WRITES = /(?<!\bFOR )\b(INSERT INTO|UPDATE|DELETE FROM)\s+"?(?:public"?\.)?"?(\w+)/i;
const READS = /\bFROM\s+"?(?:public"?\.)?"?(\w+)/i;

/**
 * A span around a statement, inside the trace of whoever asks; without one (a sweeper that looks around) there is none. It is
 * named by what the statement first writes, else reads; neither its text nor its values are in it.
 */
export async function tracedStatement<T>(sql: string, run: () => Promise<T>): Promise<T> {
  if (!trace.getActiveSpan()) return run();
  const { operation, table } = subjectOf(sql);
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation, ...(table ? { 'db.collection.name': table } : {}) };
  return tracer().startActiveSpan(table ? `${operation} ${table}` : operation, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      span.end();
    }
  });
}

/** `INSERT intent`, `UPDATE complaint`, `SELECT words`; else the first word. */
export function subjectOf(sql: string): { operation: string; table: string | null } {
  const written = WRITES.exec(sql);
  if (written?.[1] && written[2]) return { operation: written[1].split(' ')[0]?.toUpperCase() ?? '', table: written[2] };
  const operation = /\w+/.exec(sql)?.[0].toUpperCase() ?? 'STATEMENT';
  const read = READS.exec(sql)?.[1] ?? null;
  return read === null ? { operation, table: null } : { operation: 'SELECT', table: read };
}
