/** Every invocation, whatever triggers it: one event when it begins, one when it ends, and what it cost. */
import type { HttpRequest, InvocationContext, PreInvocationContext } from '@azure/functions';
import * as z from 'zod';
import { codeOf } from '../shared/poison/cause.ts';
import type { Meter, Telemetry, TelemetryFields } from '../shared/telemetry.ts';
import type { Invocation, InvocationScope, TriggerKind } from '../shared/telemetry/invocation-scope.ts';
import { dollarsOfExecution, dollarsOfOperations } from '../shared/telemetry/prices.ts';
import { continueTrace } from '../shared/telemetry/trace-context.ts';

export interface InvocationsDeps {
  readonly scope: InvocationScope;
  readonly telemetry: Telemetry;
  readonly meter: Meter;
}

/** A hook before each invocation: what the handler does and reports belongs to the invocation from then on. */
export function observeInvocations(deps: InvocationsDeps): (hook: PreInvocationContext) => void {
  return (hook) => {
    const { functionHandler: handler, invocationContext: context } = hook;
    const invocation = describeInvocation(context, hook.inputs[0]);
    const dequeueCount = countSchema.safeParse(context.triggerMetadata).data;
    hook.functionHandler = (input: unknown, handlerContext) =>
      deps.scope.run(invocation, () =>
        observe(deps, { invocation, dequeueCount }, () => handler(input, handlerContext)),
      );
  };
}

interface Observed {
  readonly invocation: Invocation;
  /** How often the message was taken from its queue; undefined for other triggers. */
  readonly dequeueCount: number | undefined;
}

async function observe(
  deps: InvocationsDeps,
  { invocation, dequeueCount }: Observed,
  work: () => unknown,
): Promise<unknown> {
  const started = performance.now();
  const finish = (outcome: TelemetryFields) => {
    finishInvocation(deps, invocation, { outcome, durationMs: Math.round(performance.now() - started) });
  };
  deps.telemetry('functions.invocation.started', { trigger: invocation.trigger, dequeueCount });
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    finish({ outcome: 'failed', errorCode: codeOf(error) });
    throw error;
  }
  finish(invocation.trigger === 'http' ? outcomeOfAnswer(result) : { outcome: 'succeeded' });
  return result;
}

function finishInvocation(
  { telemetry, meter }: InvocationsDeps,
  { trigger, function: name, operations }: Invocation,
  { outcome, durationMs }: { readonly outcome: TelemetryFields; readonly durationMs: number },
): void {
  telemetry('functions.invocation.finished', { trigger, durationMs, ...outcome });
  const dollars = dollarsOfExecution(durationMs) + dollarsOfOperations(operations);
  meter('auditkeep.dollars', dollars, { function: name });
}

function describeInvocation(context: InvocationContext, input: unknown): Invocation {
  const { invocationId, functionName, options } = context;
  const trigger = kinds[options.trigger.type] ?? 'queue';
  // The host's own trace is the one of its request log, but it knows nothing of what a message carries.
  const given = trigger === 'timer' ? undefined : traceparentOf(input);
  const trace = continueTrace(given, context.traceContext?.traceParent);
  return { invocationId, function: functionName, trigger, trace, operations: new Map() };
}

const kinds: Readonly<Record<string, TriggerKind>> = {
  httpTrigger: 'http',
  queueTrigger: 'queue',
  timerTrigger: 'timer',
};

const messageSchema = z.object({ traceparent: z.string() });

function traceparentOf(input: unknown): string | undefined {
  if (isRequest(input)) return input.headers.get('traceparent') ?? undefined;
  return messageSchema.safeParse(input).data?.traceparent;
}

function isRequest(input: unknown): input is Pick<HttpRequest, 'headers'> {
  return (
    typeof input === 'object' && input !== null && 'headers' in input && input.headers instanceof Headers
  );
}

/** The Functions host gives it to queue triggers only. */
const countSchema = z
  .object({ dequeueCount: z.coerce.number().optional() })
  .optional()
  .transform((metadata) => metadata?.dequeueCount);

const answerSchema = z.object({
  status: z.number().default(200),
  headers: z.object({ 'x-ms-request-id': z.string(), 'x-ms-error-code': z.string() }).partial().default({}),
});

function outcomeOfAnswer(result: unknown): TelemetryFields {
  const answer = answerSchema.safeParse(result).data;
  if (answer === undefined) return { outcome: 'succeeded' };
  const { status, headers } = answer;
  const outcome = status >= 500 ? 'failed' : 'succeeded';
  return { outcome, status, requestId: headers['x-ms-request-id'], errorCode: headers['x-ms-error-code'] };
}
