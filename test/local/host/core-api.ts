/** Replaces the module `@azure/functions-core`, through which the @azure/functions library finds its runtime. */
import Module from 'node:module';
import * as z from 'zod';
import type { Log, LogLevel } from './log.ts';

const MODULE_NAME = '@azure/functions-core';

const hookNames: ReadonlySet<string> = new Set(['preInvocation', 'postInvocation', 'appTerminate']);

const metadataSchema = z.looseObject({
  name: z.string().min(1),
  bindings: z.record(z.string(), z.looseObject({ type: z.string() })),
});

/** A function's name and bindings, as the library passes them to its runtime. */
export type FunctionMetadata = z.infer<typeof metadataSchema>;
type HookCallback = (context: object) => unknown;
export type FunctionCallback = (...args: unknown[]) => unknown;

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** A value on its way into a handler, in the shape of the host's wire protocol. */
export type TypedData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly http: HttpData }
  | { readonly bytes: Uint8Array };

interface HttpData {
  readonly method: string;
  readonly url: string;
  readonly nullableHeaders: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableParams: Readonly<Record<string, { readonly value: string }>>;
  readonly body?: { readonly bytes: Uint8Array };
}

interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  readonly state: 'invocation';
  readonly log: (level: LogLevel, category: string, message: string) => void;
}

/** How the library turns a request into arguments, calls the handler, and turns its result into a response. */
interface InvocationModel {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}

export interface ProgrammingModel {
  getCapabilities(capabilities: object): Promise<unknown>;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
}

export interface CoreApi {
  /** Runs the callbacks that the app registered for a hook, in order, on one context that each of them may change. */
  readonly runHooks: (name: string, context: object) => Promise<void>;
  /** The functions registered so far, in alphabetical order. */
  readonly functions: () => readonly RegisteredFunction[];
  /** @throws {Error} when the app never called the library. */
  readonly model: () => ProgrammingModel;
}

/** Answers every later `require('@azure/functions-core')` of this process; call it before loading the app. */
export function installCoreApi(log: Log): CoreApi {
  const functions = new Map<string, RegisteredFunction>();
  const hooks: { readonly name: string; readonly callback: HookCallback }[] = [];
  let model: ProgrammingModel | undefined;
  answerRequire({
    version: '4.0.0',
    hostVersion: '4.1000.0',
    log: (level: LogLevel, _category: string, message: string) => {
      log(level, message);
    },
    setProgrammingModel: (given: ProgrammingModel) => {
      model = given;
    },
    getProgrammingModel: () => model,
    registerHook: (name: string, callback: HookCallback) => {
      if (!hookNames.has(name)) throw new Error(`The local host does not support the hook ${name}`);
      const hook = { name, callback };
      hooks.push(hook);
      return { dispose: () => hooks.splice(hooks.indexOf(hook), 1) };
    },
    registerFunction: (given: unknown, callback: FunctionCallback) => {
      const metadata = metadataSchema.parse(given);
      if (functions.has(metadata.name)) throw new Error(`Function ${metadata.name} is registered twice`);
      functions.set(metadata.name, { metadata, callback });
      return { dispose: () => functions.delete(metadata.name) };
    },
  });
  return {
    runHooks: async (name, context) => {
      for (const hook of hooks) if (hook.name === name) await hook.callback(context);
    },
    functions: () => [...functions.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    model: () => {
      if (model === undefined) throw new Error('The app registers no function');
      return model;
    },
  };
}

function answerRequire(coreApi: object): void {
  const original: unknown = Reflect.get(Module.prototype, 'require');
  if (typeof original !== 'function') throw new Error('Module.prototype.require is not a function');
  const require = new Proxy(original, {
    apply: (target, self, args: unknown[]): unknown =>
      args[0] === MODULE_NAME ? coreApi : Reflect.apply(target, self, args),
  });
  Reflect.set(Module.prototype, 'require', require);
}
