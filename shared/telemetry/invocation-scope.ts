/** Which invocation the running code belongs to, however deep in the call it is. */
import { AsyncLocalStorage } from 'node:async_hooks';
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

export interface InvocationScope {
  /** Everything that `work` does, and what that leads to, belongs to the invocation. */
  run<T>(invocation: Invocation, work: () => T): T;
  /** Undefined outside of all invocations. */
  current(): Invocation | undefined;
}

/** The trace that the running code belongs to; undefined where it belongs to none. */
export type CurrentTrace = () => TraceContext | undefined;

export function createInvocationScope(): InvocationScope {
  const storage = new AsyncLocalStorage<Invocation>();
  return {
    run: (invocation, work) => storage.run(invocation, work),
    current: () => storage.getStore(),
  };
}
