/** Which invocation the running code belongs to, however deep in the call it is. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { StorageOperation } from './prices.ts';
import type { TraceContext } from './trace-context.ts';

export type TriggerKind = 'http' | 'queue' | 'timer';

export interface Invocation {
  readonly invocationId: string;
  /** Name of the function. */
  readonly function: string;
  readonly trigger: TriggerKind;
  /** Runs from an HTTP request through queue messages to the landing. */
  readonly trace: TraceContext;
  /** Storage operations so far. */
  readonly operations: Map<StorageOperation, number>;
}

/** Everything that `run` calls, and what that leads to, belongs to the invocation. */
export type InvocationScope = AsyncLocalStorage<Invocation>;

/** The trace that the running code belongs to; undefined where it belongs to none. */
export type CurrentTrace = () => TraceContext | undefined;
