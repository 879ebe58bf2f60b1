/** Runs handlers through the library's invocation model and tracks which are running. */
import { randomUUID } from 'node:crypto';
import type { FunctionCallback, ProgrammingModel, TypedData } from './core-api.ts';
import type { FunctionApp, HostFunction } from './function-app.ts';
import type { Log } from './log.ts';

export interface Invocation {
  readonly input: TypedData;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** A new one when absent. */
  readonly invocationId?: string;
}

export interface Invocations {
  /** Runs the handler and resolves with the library's response; rejects with what the handler threw. */
  readonly run: (target: HostFunction, invocation: Invocation) => Promise<unknown>;
  readonly isIdle: () => boolean;
  /** Whether a timer or queue function runs, no matter how many requests are answered meanwhile. */
  readonly isWorking: () => boolean;
  /** Resolves once the running ones have ended. */
  readonly settled: () => Promise<void>;
}

type Runtime = Pick<FunctionApp, 'model' | 'runHooks'>;

export function createInvocations(runtime: Runtime, log: Log): Invocations {
  const running = new Map<Promise<unknown>, HostFunction>();
  return {
    run: async (target, invocation) => {
      const run = runLogged(runtime, log, target, invocation);
      running.set(run, target);
      return run.finally(() => running.delete(run));
    },
    isIdle: () => running.size === 0,
    isWorking: () => [...running.values()].some(({ trigger }) => trigger.type !== 'httpTrigger'),
    settled: async () => {
      await Promise.allSettled(running.keys());
    },
  };
}

async function runLogged(
  runtime: Runtime,
  log: Log,
  target: HostFunction,
  { input, triggerMetadata = {}, invocationId = randomUUID() }: Invocation,
): Promise<unknown> {
  const startedAt = performance.now();
  const logEnd = (level: 'information' | 'error', outcome: string): void => {
    const durationMs = Math.round(performance.now() - startedAt);
    log(level, `${target.name} ${outcome} after ${durationMs} ms (${invocationId})`);
  };
  try {
    const response = await call(runtime, target, {
      invocationId,
      request: {
        invocationId,
        functionId: target.name,
        inputData: [{ name: target.bindingName, data: input }],
        triggerMetadata,
      },
      metadata: target.metadata,
      state: 'invocation',
      log: (level, _category, message) => {
        log(level, `${target.name} ${message}`);
      },
    });
    logEnd('information', 'succeeded');
    return response;
  } catch (error) {
    logEnd('error', `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    throw error;
  }
}

/** Hooks may change the inputs and the callback. */
interface BeforeInvocation {
  readonly hookData: object;
  readonly invocationContext: unknown;
  inputs: unknown[];
  functionCallback: FunctionCallback;
}

/** Hooks may change the result. */
interface AfterInvocation extends Omit<BeforeInvocation, 'functionCallback'> {
  result?: unknown;
}

async function call(
  { model, runHooks }: Runtime,
  target: HostFunction,
  context: Parameters<ProgrammingModel['getInvocationModel']>[0],
): Promise<unknown> {
  const invocation = model.getInvocationModel(context);
  const { context: invocationContext, inputs } = await invocation.getArguments();
  const hookData = {};
  const before: BeforeInvocation = {
    ...{ hookData, invocationContext, inputs },
    functionCallback: target.callback,
  };
  await runHooks('preInvocation', before);
  const after: AfterInvocation = { hookData, invocationContext, inputs: before.inputs };
  try {
    after.result = await invocation.invokeFunction(invocationContext, before.inputs, before.functionCallback);
  } catch (error) {
    await runHooks('postInvocation', { ...after, error });
    throw error;
  }
  await runHooks('postInvocation', after);
  return invocation.getResponse(invocationContext, after.result);
}
