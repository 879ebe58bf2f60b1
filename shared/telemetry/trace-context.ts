/** W3C Trace Context: one trace from the caller through Auditkeep's log. */
import { randomBytes } from 'node:crypto';

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** To hand on and to answer with. */
  readonly traceparent: string;
  /** False for a trace that begins here. */
  readonly isContinued: boolean;
}

/** All zeros are no id. Only versions after 00 may go on after the flags; ff is none. */
const pattern = /^([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/**
 * Continues the trace of a header `traceparent`, or begins one where there is none that is sound.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function continueTrace(header: string | null): TraceContext {
  const sound = header === null ? undefined : soundParts(header);
  const traceId = sound?.traceId ?? randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-${sound?.flags ?? '00'}`;
  return { traceId, traceparent, isContinued: sound !== undefined };
}

function soundParts(header: string): { traceId: string; flags: string } | undefined {
  const [, version = 'ff', traceId = '', flags = '', rest] = pattern.exec(header) ?? [];
  const isSound = version !== 'ff' && (version !== '00' || rest === undefined);
  return isSound ? { traceId, flags } : undefined;
}
