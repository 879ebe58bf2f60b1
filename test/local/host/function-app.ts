/** Loads the bundled Function App and groups its functions by trigger. */
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import {
  type CoreApi,
  type FunctionCallback,
  type FunctionMetadata,
  installCoreApi,
  type ProgrammingModel,
  type RegisteredFunction,
} from './core-api.ts';
import type { Log } from './log.ts';

const triggerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('httpTrigger'),
    route: z.string().optional(),
    methods: z.array(z.string().toUpperCase()),
    authLevel: z.literal('anonymous'),
  }),
  z.object({
    type: z.literal('timerTrigger'),
    schedule: z.string(),
    runOnStartup: z.boolean().default(false),
  }),
  z.object({ type: z.literal('queueTrigger'), queueName: z.string(), connection: z.string() }),
]);

type Trigger = z.infer<typeof triggerSchema>;
type TriggerOf<Type extends Trigger['type']> = Extract<Trigger, { type: Type }>;

export interface HostFunction<Kind extends Trigger = Trigger> {
  readonly name: string;
  readonly trigger: Kind;
  /** Name of the trigger's binding, under which the handler receives its input. */
  readonly bindingName: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

export type HttpFunction = HostFunction<TriggerOf<'httpTrigger'>>;
export type TimerFunction = HostFunction<TriggerOf<'timerTrigger'>>;
export type QueueFunction = HostFunction<TriggerOf<'queueTrigger'>>;

export interface FunctionApp {
  readonly model: ProgrammingModel;
  readonly runHooks: CoreApi['runHooks'];
  readonly functions: readonly HostFunction[];
  readonly httpFunctions: readonly HttpFunction[];
  readonly timerFunctions: readonly TimerFunction[];
  readonly queueFunctions: readonly QueueFunction[];
  /** Where the library accepts and streams HTTP; undefined if the app did not enable streaming. */
  readonly httpStreamUrl: string | undefined;
}

const capabilitiesSchema = z.object({ HttpUri: z.url().optional() });

/**
 * Runs the app's main script, which registers its functions.
 * @throws {Error} when it throws, registers nothing, or uses a trigger or binding that the local host does not support.
 */
export async function loadFunctionApp(mainFile: string, log: Log): Promise<FunctionApp> {
  const coreApi = installCoreApi(log);
  // As the real host's worker loads it.
  await import(pathToFileURL(mainFile).href);
  const model = coreApi.model();
  const { HttpUri } = capabilitiesSchema.parse(await model.getCapabilities({}));
  const functions = coreApi.functions().map(toHostFunction);
  return {
    ...{ model, runHooks: coreApi.runHooks },
    functions,
    httpFunctions: functions.filter((each) => isTriggeredBy(each, 'httpTrigger')),
    timerFunctions: functions.filter((each) => isTriggeredBy(each, 'timerTrigger')),
    queueFunctions: functions.filter((each) => isTriggeredBy(each, 'queueTrigger')),
    httpStreamUrl: HttpUri,
  };
}

function isTriggeredBy<Type extends Trigger['type']>(
  candidate: HostFunction,
  type: Type,
): candidate is HostFunction<TriggerOf<Type>> {
  return candidate.trigger.type === type;
}

function toHostFunction({ metadata, callback }: RegisteredFunction): HostFunction {
  const bindings = Object.entries(metadata.bindings).filter(([, { type }]) => type !== 'http');
  const [binding, ...others] = bindings;
  if (binding === undefined || others.length > 0) {
    throw new Error(`Function ${metadata.name}: the local host only supports a trigger and an HTTP output`);
  }
  const [bindingName, settings] = binding;
  const trigger = triggerSchema.safeParse(settings);
  if (!trigger.success) {
    throw new Error(`Function ${metadata.name}: the local host does not support this ${settings.type}`, {
      cause: trigger.error,
    });
  }
  return { name: metadata.name, trigger: trigger.data, bindingName, metadata, callback };
}
