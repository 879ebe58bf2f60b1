/** W3C Trace Context: one trace from the caller through Auditkeep's log. */
import { randomBytes } from 'node:crypto';

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: our own part of the trace. */
  readonly spanId: string;
  /** For outgoing messages and the answer. */
  readonly traceparent: string;
  /** False for a trace that starts here. */
  readonly isContinued: boolean;
}

/** An ID of zeros is invalid, and so is version ff. Only versions after 00 may have more fields after the flags. */
const pattern = /^([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/**
 * Continues the trace of the first valid `traceparent`, or starts one if there is none.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function continueTrace(...traceparents: readonly (string | null | undefined)[]): TraceContext {
  const sound = traceparents.flatMap((given) => soundParts(given ?? '') ?? [])[0];
  const traceId = sound?.traceId ?? randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const traceparent = `00-${traceId}-${spanId}-${sound?.flags ?? '00'}`;
  return { traceId, spanId, traceparent, isContinued: sound !== undefined };
}

function soundParts(header: string): { traceId: string; flags: string } | undefined {
  const [, version = 'ff', traceId = '', flags = '', rest] = pattern.exec(header) ?? [];
  const isSound = version !== 'ff' && (version !== '00' || rest === undefined);
  return isSound ? { traceId, flags } : undefined;
}
